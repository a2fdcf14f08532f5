// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using DriverSlicer.Cli.Output;

namespace DriverSlicer.Cli.Tabling;

/// <summary>Drivers and kernels, what works, and what was counted.</summary>
public sealed record TableReport(ImmutableArray<TableLine> Lines)
{
    public static TableReport Of(TablePlan plan, ImmutableArray<(string Series, string Release)> kernels, Func<TableStep, JsonObject?> find) => new(
    [
        .. plan.Rows.SelectMany(row => kernels.Select(k => TableLine.Of(row, k.Release, k.Series == plan.Checking, find))),
    ]);

    public int Exit => Lines.Any(l => l.Failed) ? ExitCodes.Failed : ExitCodes.Fine;

    public void Print()
    {
        Render.Table(
            "what works", ["driver", "kernel", "slices", "builds", "probes", "workload", "same transcript", "checking", "poison", "annotations", "edits", "in the process"],
            Lines.Select(Verdicts));
        Render.Table(
            "what was counted (fields and bytes of a call, both ways: ours / merged sets / deep copy)",
            ["driver", "kernel", "process: functions, lines", "kernel: functions, lines", "entries", "kernel functions", "fields", "bytes", "written by both", "locks", "s", "MB"],
            Lines.Select(Counts));
        foreach (var line in Lines.Where(l => l.IsBelowLeast))
            Render.Table($"what keeps the rest of {line.Row.Name} on {line.Release} ({line.Row.Least}% should be in the process)", ["lines", "why", "functions"], line.Kept.Select(Reason));
    }

    public static string[] Reason(Kept kept) =>
        [Number(kept.Lines), kept.Reason, string.Join(", ", kept.Functions.Take(6)) + (kept.Functions.Length > 6 ? $", {kept.Functions.Length - 6} more" : "")];

    /// <param name="commit">null: unknown</param>
    public Dictionary<string, object?> Json(string? commit) => new()
    {
        ["schema"] = 1,
        ["exit"] = Exit,
        ["commit"] = commit,
        ["rows"] = Lines.Select(Json).ToArray(),
    };

    public static string[] Verdicts(TableLine l) =>
    [
        l.Row.Name, l.Release, Said(l.Slices), Said(l.Builds), Said(l.Probes),
        l.Works is null ? "-" : $"{l.Workload}: {(l.Works == true ? "passed" : l.NativeWorks == false ? "FAILED, natively too" : "FAILED")}",
        Said(l.SameTranscript), l.CheckingApplies ? Said(l.Checking) : "", Said(l.Poison), Number(l.Annotations), Number(l.Edits),
        l.Share is { } share ? $"{share.UserPercent:0}%{(l.IsBelowLeast ? $" (below {l.Row.Least})" : "")}" : "-",
    ];

    public static string[] Counts(TableLine l) =>
    [
        l.Row.Name, l.Release,
        l.Share is { } share ? $"{share.UserFunctions}, {share.UserLines}" : "-",
        l.Share is { } rest ? $"{rest.KernelFunctions}, {rest.KernelLines}" : "-",
        Number(l.Entries), Number(l.Downcalls),
        l.Costs is { } c ? Three(c.Fields, c.MergedFields, c.DeepFields) : "-",
        l.Costs is { } b ? Three(b.Bytes, b.MergedBytes, b.DeepBytes) : "-",
        Number(l.BothWritten),
        l.Locks is null ? "-" : l.Locks.IsEmpty ? "none" : string.Join(", ", l.Locks.Select(a => $"{a.Value} {a.Key}")),
        l.AnalysisSeconds is { } seconds ? seconds.ToString("0.0", CultureInfo.InvariantCulture) : "-",
        l.PeakMegabytes is { } megabytes ? megabytes.ToString("0", CultureInfo.InvariantCulture) : "-",
    ];

    private static Dictionary<string, object?> Json(TableLine l) => new Dictionary<string, object?>
    {
        ["driver"] = l.Row.Name,
        ["kernel"] = l.Release,
        ["slices"] = l.Slices,
        ["builds"] = l.Builds,
        ["probes"] = l.Probes,
        ["workload"] = l.Workload,
        ["workload_passed"] = l.Works,
        ["native_passed"] = l.NativeWorks,
        ["transcript_equal"] = l.SameTranscript,
        ["checking_clean"] = l.CheckingApplies ? l.Checking : null,
        ["poison_clean"] = l.Poison,
        ["annotations"] = l.Annotations,
        ["driver_lines_changed"] = l.Edits,
        ["user_functions"] = l.Share?.UserFunctions,
        ["user_lines"] = l.Share?.UserLines,
        ["least_user_percent"] = l.Row.Least,
        ["kept"] = l.IsBelowLeast ? l.Kept.Select(k => new { reason = k.Reason, lines = k.Lines, functions = k.Functions }).ToArray() : null,
        ["kernel_functions"] = l.Share?.KernelFunctions,
        ["kernel_lines"] = l.Share?.KernelLines,
        ["upcall_entries"] = l.Entries,
        ["downcall_targets"] = l.Downcalls,
        ["per_call"] = l.Costs?.Json().ToDictionary(p => p.Key, p => p.Value),
        ["both_written"] = l.BothWritten,
        ["locks"] = l.Locks,
        ["analysis_seconds"] = l.AnalysisSeconds is { } seconds ? Math.Round(seconds, 2) : null,
        ["analysis_peak_rss_mb"] = l.PeakMegabytes,
    }.Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value);

    private static string Said(bool? answer) => answer switch { true => "yes", false => "NO", null => "-" };

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Three(double ours, double merged, double deep) => string.Create(CultureInfo.InvariantCulture, $"{ours:0} / {merged:0} / {deep:0}");
}
