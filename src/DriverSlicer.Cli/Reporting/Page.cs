// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Cli.Output;
using DriverSlicer.Model;
using DriverSlicer.Report;

namespace DriverSlicer.Cli.Reporting;

/// <summary>The report of a sliced driver, and its way to the disk.</summary>
public static class Page
{
    public static string Of(Sliced sliced, MeasurementsFile? measured)
    {
        var share = Share.Of(sliced);
        var headline = new Headline(share.UserFunctions, share.KernelFunctions, share.UserLines, share.KernelLines, LinesChanged(sliced));
        return HtmlReport.Write(new ReportInput(sliced.Plan, sliced.Graph, headline)
        {
            Measurements = measured?.Of(sliced.Model.Driver),
            Published = PublishedFile.Read(Path.Combine(Slicer.Root, "lab", "published.json")),
        });
    }

    public static void Write(string path, string text) => WholeFile.Write(
        path, text, why => new Diagnostic("DS0708", Severity.Error, Location.None, $"{path} was not written: {why}", "name a file that can be written with -o FILE"));

    // A saved model of a driver with outlined regions holds the text with them cut out only.
    private static int? LinesChanged(Sliced sliced) =>
        !sliced.Model.Outlined.IsEmpty && sliced.Input == sliced.Model.Files ? null : Slicer.LinesChanged(sliced);
}
