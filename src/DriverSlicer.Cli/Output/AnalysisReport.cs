// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Diagnostics;
using DriverSlicer.Analysis;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Output;

/// <summary>An analysed driver as tables for a person and as JSON for a program (design section 9).</summary>
public static class AnalysisReport
{
    public static AnalysisText Of(Sliced sliced)
    {
        var exit = sliced.Plan.Diagnostics.Any(d => d.Severity == Severity.Error) ? ExitCodes.Refused : ExitCodes.Fine;
        return new AnalysisText(
            exit, sliced.Plan.Diagnostics, [.. Functions(sliced)], [.. sliced.Plan.Locks.Select(l => (string[])[l.Name, Answer(l.Answer), l.Reason])],
            [.. SummaryLines(sliced)], JsonFile.Text(Json(sliced, exit)));
    }

    public static void Print(AnalysisText text)
    {
        Render.Diagnostics(text.Diagnostics);
        Render.Table("", ["function", "at", "lines", "half", "contexts", "reason"], text.Functions);
        if (text.Locks.Length > 0)
            Render.Table("", ["lock", "answer", "reason"], text.Locks);
        foreach (var line in text.Summary)
            Render.Line(line);
    }

    private static IEnumerable<string[]> Functions(Sliced sliced)
    {
        var byId = sliced.ById;
        return sliced.Plan.Functions
            .Select(p => (Placed: p, Function: byId[p.Function]))
            .OrderBy(p => p.Function.Location.File, StringComparer.Ordinal).ThenBy(p => p.Function.Location.Line)
            .Select(p => new[]
            {
                p.Placed.Name, $"{Path.GetFileName(p.Function.Location.File)}:{p.Function.Location.Line}", $"{p.Function.Lines}",
                Half(p.Placed.Half), Contexts(p.Placed.Contexts), p.Placed.Reason,
            });
    }

    public static void Summary(Sliced sliced)
    {
        foreach (var line in SummaryLines(sliced))
            Render.Line(line);
    }

    private static IEnumerable<string> SummaryLines(Sliced sliced)
    {
        var share = Share.Of(sliced);
        yield return $"{sliced.Model.Driver} for {sliced.Model.Kernel}: user half {share.UserFunctions} functions, {share.UserLines} lines ({share.UserPercent:0}%); "
            + $"kernel half {share.KernelFunctions} functions, {share.KernelLines} lines";
        yield return $"{sliced.Plan.Upcalls.Length} upcall entries, {sliced.Plan.Downcalls.Length} downcall targets, annotations {sliced.Plan.Choices.Count}, driver lines changed {Slicer.LinesChanged(sliced)}";
        var shortfall = Shortfall.Of(sliced);
        if (shortfall.ContextLines > share.UserLines)
        {
            yield return $"contexts and locks alone would allow {shortfall.ContextLines} lines ({100.0 * shortfall.ContextLines / (share.UserLines + share.KernelLines):0}%); "
                + $"the rest is kept by constructs: {string.Join(", ", shortfall.Causes.Select(c => $"{c.Id} in {c.Functions}"))}";
        }

        yield return $"{sliced.Seconds:0.0} s, {PeakMegabytes()} MB";
    }

    /// <summary>Of one driver; of several, an object with theirs in <c>modules</c>.</summary>
    public static Dictionary<string, object?> Json(ImmutableArray<Sliced> all, int exit) => all.Length == 1 ? Json(all[0], exit) : new()
    {
        ["schema"] = 1,
        ["exit"] = exit,
        ["modules"] = all.Select(s => Json(s, exit).Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value)).ToArray(),
        ["diagnostics"] = JsonFile.Diagnostics(all.SelectMany(s => s.Plan.Diagnostics)),
    };

    public static Dictionary<string, object?> Json(Sliced sliced, int exit)
    {
        var share = Share.Of(sliced);
        var byId = sliced.ById;
        return new Dictionary<string, object?>
        {
            ["schema"] = 1,
            ["exit"] = exit,
            ["driver"] = sliced.Model.Driver,
            ["kernel"] = sliced.Model.Kernel,
            ["user_functions"] = share.UserFunctions,
            ["kernel_functions"] = share.KernelFunctions,
            ["user_lines"] = share.UserLines,
            ["kernel_lines"] = share.KernelLines,
            ["user_lines_by_context"] = Shortfall.Of(sliced).ContextLines,
            ["annotations"] = sliced.Plan.Choices.Count,
            ["functions"] = sliced.Plan.Functions.Select(p => new
            {
                name = p.Name,
                file = byId[p.Function].Location.File,
                line = byId[p.Function].Location.Line,
                lines = byId[p.Function].Lines,
                half = Half(p.Half),
                reason = p.Reason,
                contexts = Contexts(p.Contexts).Split(' ', StringSplitOptions.RemoveEmptyEntries),
            }).ToArray(),
            ["crossings"] = Crossings(sliced.Plan),
            ["locks"] = sliced.Plan.Locks.Select(l => new { name = l.Name, answer = Answer(l.Answer), reason = l.Reason }).ToArray(),
            ["upcall_entries"] = sliced.Plan.Upcalls.Length,
            ["downcall_targets"] = sliced.Plan.Downcalls.Length,
            ["driver_lines_changed"] = Slicer.LinesChanged(sliced),
            ["both_written"] = sliced.Plan.BothWritten.Select(b => $"{b.Record}.{b.Field}").ToArray(),
            ["diagnostics"] = JsonFile.Diagnostics(sliced.Plan.Diagnostics),
            ["seconds"] = Math.Round(sliced.Seconds, 2),
            ["peak_rss_mb"] = PeakMegabytes(),
        };
    }

    public static string Half(Half half) => half == DriverSlicer.Model.Half.User ? "user" : "kernel";

    /// <summary>Upcalls with what one call moves by three methods (<see cref="CopyCosts"/>); what a kernel function reads is not known here, so downcalls have ours only.</summary>
    private static object[] Crossings(SlicePlan plan) =>
    [
        .. plan.Upcalls.Select(u => (Upcall: u, Costs: CopyCosts.Of(plan, u))).Select(u => new
        {
            name = u.Upcall.Name,
            kind = "upcall",
            fields_in = u.Costs.In.Fields,
            fields_out = u.Costs.Out.Fields,
            bytes = u.Costs.Ours.Bytes,
            bytes_in = u.Costs.In.Bytes,
            bytes_out = u.Costs.Out.Bytes,
            merged_fields = u.Costs.Merged.Fields,
            merged_bytes = u.Costs.Merged.Bytes,
            deep_fields = u.Costs.Deep.Fields,
            deep_bytes = u.Costs.Deep.Bytes,
        }),
        .. plan.Downcalls.Select(d => new
        {
            name = d.Name,
            kind = "downcall",
            fields_in = d.Parameters.Count(p => p.Kind == DownParameterKind.Buffer && p.In),
            fields_out = d.Parameters.Count(p => p.Kind == DownParameterKind.Buffer && p.Out),
            bytes = 8L * d.Parameters.Length,
        }),
    ];

    private static string Answer(LockChoice choice) => choice.ToString().ToLowerInvariant();

    private static string Contexts(ExecContext contexts) => string.Join(
        ' ',
        new[] { (ExecContext.Process, "process"), (ExecContext.Atomic, "atomic"), (ExecContext.SoftIrq, "softirq"), (ExecContext.HardIrq, "hardirq") }
            .Where(c => contexts.HasFlag(c.Item1)).Select(c => c.Item2));

    private static long PeakMegabytes() => Process.GetCurrentProcess().PeakWorkingSet64 >> 20;
}
