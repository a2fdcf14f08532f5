// SPDX-License-Identifier: GPL-2.0-only
using System.CommandLine;
using DriverSlicer.Cli.Caching;
using DriverSlicer.Cli.Output;
using DriverSlicer.Cli.Reporting;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Commands;

/// <summary><c>report DRIVER</c>: the cut as one HTML file, straight from the analysis; also where <c>slice</c> refuses to write halves.</summary>
public static class ReportCommand
{
    public static Command Create()
    {
        var driver = CommonOptions.Driver();
        var with = CommonOptions.With();
        var output = new Option<string?>("--output", "-o") { Description = "File to write (default: NAME.html).", HelpName = "FILE" };
        var measurements = CommonOptions.Measurements();
        var saved = new Option<bool>("--model") { Description = "DRIVER is a file that 'analyze --save-model' wrote; neither Clang nor the source is needed." };
        var json = CommonOptions.Json();
        var kernel = CommonOptions.Kernel();
        var config = CommonOptions.Config();
        var noCache = CommonOptions.NoCache();
        var command = new Command("report", "Show the cut as one HTML file: call graph, crossings, locks, diagnostics, measurements.") { driver, with, output, measurements, saved, json, kernel, config, noCache };
        command.SetAction((parse, _) => Guard.RunAsync(parse.GetValue(json), () =>
        {
            var measured = MeasurementsFile.Read(parse.GetValue(measurements));
            var sliced = parse.GetValue(saved)
                ? Slicer.FromModel(parse.GetValue(driver)!, SliceAbilities.Today, Render.Progress, parse.GetValue(config))
                : Slicer.SliceTogether(Slicer.Tree(parse.GetValue(kernel)), [parse.GetValue(driver)!, .. parse.GetValue(with) ?? []], SliceAbilities.Today, Render.Progress, parse.GetValue(config), SliceCache.Open(parse.GetValue(noCache)))[0];
            Render.Diagnostics(sliced.Plan.Diagnostics);
            var file = parse.GetValue(output) ?? $"{sliced.Model.Driver}.html";
            Page.Write(file, Page.Of(sliced, measured));
            AnalysisReport.Summary(sliced);
            Render.Line($"wrote {file}: open it in a browser");
            var exit = sliced.Plan.Diagnostics.Any(d => d.Severity == Severity.Error) ? ExitCodes.Refused : ExitCodes.Fine;
            if (parse.GetValue(json) is { } path)
                JsonFile.Write(path, AnalysisReport.Json(sliced, exit));
            return Task.FromResult(exit);
        }));
        return command;
    }
}
