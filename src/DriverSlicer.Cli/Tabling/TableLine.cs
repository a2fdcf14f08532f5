// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DriverSlicer.Cli.Output;

namespace DriverSlicer.Cli.Tabling;

/// <summary>One driver on one kernel. What was not found out is null, never false or zero.</summary>
public sealed record TableLine(TableRow Row, string Release)
{
    public bool? Slices { get; init; }

    public bool? Builds { get; init; }

    /// <summary>Bound to its device, by the time that loading took; a workload that got further proves it, too.</summary>
    public bool? Probes { get; init; }

    public string? Workload { get; init; }

    public bool? Works { get; init; }

    /// <summary>False tells that the driver as it is fails the workload here.</summary>
    public bool? NativeWorks { get; init; }

    public bool? SameTranscript { get; init; }

    public bool? Checking { get; init; }

    /// <summary>False: on this kernel it is not asked for.</summary>
    public bool CheckingApplies { get; init; } = true;

    public bool? Poison { get; init; }

    public int? Annotations { get; init; }

    public int? Edits { get; init; }

    public Share? Share { get; init; }

    public int? Entries { get; init; }

    public int? Downcalls { get; init; }

    /// <summary>Mean of all entry points.</summary>
    public TableCosts? Costs { get; init; }

    public int? BothWritten { get; init; }

    /// <summary>Locks by answer, by its name.</summary>
    public ImmutableSortedDictionary<string, int>? Locks { get; init; }

    public double? AnalysisSeconds { get; init; }

    public double? PeakMegabytes { get; init; }

    /// <summary>What keeps lines in the kernel half.</summary>
    public ImmutableArray<Kept> Kept { get; init; } = [];

    public bool IsBelowLeast => Row.Least is { } least && Share is { } share && share.UserPercent < least;

    /// <summary>Fewer lines in the process than one would wish is no failure.</summary>
    public bool Failed => new[] { Slices, Builds, Probes, Works, SameTranscript, Checking, Poison }.Contains(false) || Annotations > 0 || Edits > 0;

    /// <param name="find">A step's record, or null.</param>
    public static TableLine Of(TableRow row, string release, bool checkingApplies, Func<TableStep, JsonObject?> find)
    {
        var (analysis, run) = (find(new(row, release, TableKind.Analyze)), find(new(row, release, TableKind.Run)));
        var line = new TableLine(row, release)
        {
            CheckingApplies = checkingApplies,
            Checking = Passed(find(new(row, release, TableKind.Checking))),
            Poison = Passed(find(new(row, release, TableKind.Poison))),
        };
        return WithRun(WithAnalysis(line, analysis), run);
    }

    private static TableLine WithAnalysis(TableLine line, JsonObject? record)
    {
        if (record?["result"] is not JsonObject result)
            return record is null ? line : line with { Slices = false };
        var modules = result["modules"] is JsonArray several ? several.OfType<JsonObject>().ToArray() : [result];
        line = line with { Slices = Exit(record) == ExitCodes.Fine };
        // A refusal before there was a plan has diagnostics only.
        if (!modules.All(m => m.ContainsKey("functions")))
            return line;
        return line with
        {
            Annotations = Sum(modules, "annotations"),
            Edits = Sum(modules, "driver_lines_changed"),
            Share = new Share(Sum(modules, "user_functions"), Sum(modules, "kernel_functions"), Sum(modules, "user_lines"), Sum(modules, "kernel_lines")),
            Kept = Tabling.Kept.Of(modules.SelectMany(m => m["functions"]!.AsArray().OfType<JsonObject>())),
            Entries = Sum(modules, "upcall_entries"),
            Downcalls = Sum(modules, "downcall_targets"),
            Costs = TableCosts.Of([.. modules.SelectMany(m => m["crossings"]!.AsArray().OfType<JsonObject>())]),
            BothWritten = modules.Sum(m => m["both_written"]!.AsArray().Count),
            Locks = modules.SelectMany(m => m["locks"]!.AsArray()).GroupBy(l => (string)l!["answer"]!, StringComparer.Ordinal)
                .ToImmutableSortedDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal),
            AnalysisSeconds = modules.Sum(m => (double)m["seconds"]!),
            PeakMegabytes = modules.Max(m => (double)m["peak_rss_mb"]!),
        };
    }

    private static TableLine WithRun(TableLine line, JsonObject? record)
    {
        if (record is null)
            return line;
        if (record["result"] is not JsonObject result || result["micro"] is not JsonObject micro)
            return line with { Builds = line.Slices == true ? false : null };
        var works = (bool)micro["ok"]!;
        return line with
        {
            Builds = true,
            Probes = works || micro.ContainsKey("init_ms"),
            Workload = Path.GetFileNameWithoutExtension((string)result["workload"]!),
            Works = works,
            NativeWorks = (bool?)result["native"]?["ok"],
            SameTranscript = (bool?)result["transcript_equal"],
        };
    }

    private static bool? Passed(JsonObject? record) => record is null ? null : Exit(record) == ExitCodes.Fine;

    private static int Exit(JsonObject record) => (int)record["exit"]!;

    private static int Sum(JsonObject[] modules, string key) => modules.Sum(m => (int)m[key]!);
}
