// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Cli.Output;

namespace DriverSlicer.Cli.Survey;

/// <summary>A survey for a person: shares by class, what keeps functions, what to add to specs/, what could not be read.</summary>
public static class SurveyTables
{
    private const int Longest = 15;

    public static void Print(SurveyReport report)
    {
        Render.Table(
            "", ["class", "modules", "files", "functions", "critical", "lines", "leave by context", "leave"],
            report.Classes.Append(SurveyClass.Sum("all", report.Classes)).Select(c => new[]
            {
                c.Class, $"{c.Modules}", $"{c.Files}", $"{c.Functions}", Percent(c.CriticalFunctions, c.Functions), $"{c.Lines}",
                Percent(c.ContextUser.Lines, c.Lines), Percent(c.UserLines, c.Lines),
            }));
        Table("what keeps functions in the kernel half", "kept by", report.Kept);
        Table("constructs that have no sound plan (docs/reference/diagnostics.md)", "diagnostic", report.Pins);
        Table("places without a rule in specs/entry-points.toml", "place", report.UnknownRoots);
        Table("kernel functions called", "function", report.Api);
        foreach (var failed in report.Failed)
            Render.Line($"not analysed: {failed.File}: {failed.Reason}");
        Render.Line($"{report.Modules} modules{(report.SampleOf > 0 ? $" (a sample of {report.SampleOf})" : "")} of {report.Kernel}, {report.Files} files, {report.Failed.Length} not analysed ({Percent(report.Failed.Length, report.Files)})");
        Render.Line($"{report.Functions} functions: {Percent(report.CriticalFunctions, report.Functions)} critical (kept by context or lock); {Percent(report.UserFunctions, report.Functions)} leave the kernel");
        Render.Line($"{report.Lines} lines: {Percent(report.UserLines, report.Lines)} leave the kernel, {Percent(report.WithoutConstructs.Lines, report.Lines)} if every construct could be marshaled");
        Render.Line($"{report.Seconds:0} s ({report.CpuSeconds:0} s of processor time to analyse), {report.PeakRssMb} MB, {report.Cached} modules from the cache");
    }

    private static void Table(string title, string name, IReadOnlyCollection<Counted> all)
    {
        if (all.Count == 0)
            return;
        Render.Table(title, [name, "count", "lines", "modules"], all.Take(Longest).Select(c => new[] { c.Name, $"{c.Count}", c.Lines > 0 ? $"{c.Lines}" : "", $"{c.Modules}" }));
        if (all.Count > Longest)
            Render.Line($"and {all.Count - Longest} more in the JSON");
    }

    private static string Percent(long part, long whole) => whole == 0 ? "-" : $"{100.0 * part / whole:0.0}%";
}
