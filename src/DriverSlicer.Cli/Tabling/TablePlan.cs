// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Lab;

namespace DriverSlicer.Cli.Tabling;

/// <summary>A driver: its modules, sliced together.</summary>
/// <param name="Workload">null: the one that the lab's data give for it</param>
/// <param name="Least">percent of the lines that should be in the process; below, the table says what keeps the others</param>
public sealed record TableRow(ImmutableArray<string> Modules, string? Workload = null, int? Least = null)
{
    public string Name => string.Join('+', Modules);
}

/// <summary>lab/table.json: which drivers on which kernels.</summary>
/// <param name="Kernels">series (6.1), of each the newest that is installed</param>
/// <param name="Checking">series of the source that the checking kernel is built from</param>
public sealed record TablePlan(ImmutableArray<string> Kernels, string Checking, ImmutableArray<TableRow> Rows)
{
    public static TablePlan Load(string labFolder) => LabData.Load<TablePlan>(labFolder, "table.json");

    /// <summary>Everything that the table needs, in the order in which it is run: what is quick and most telling first.</summary>
    public IEnumerable<TableStep> Steps(ImmutableArray<(string Series, string Release)> kernels)
    {
        foreach (var kind in Enum.GetValues<TableKind>())
            foreach (var (series, release) in kernels.Where(k => kind != TableKind.Checking || k.Series == Checking))
                foreach (var row in Rows)
                    yield return new TableStep(row, release, kind);
    }
}

/// <summary>How a row is looked at.</summary>
public enum TableKind
{
    Analyze,
    Run,
    Poison,
    Checking,
}

/// <summary>One command whose JSON is a part of the table.</summary>
public sealed record TableStep(TableRow Row, string Release, TableKind Kind) : IRecordedStep
{
    public string Name => $"{Row.Name}-{Release}-{Kind.ToString().ToLowerInvariant()}";

    /// <summary>Arguments of driverslicer, without --json.</summary>
    public ImmutableArray<string> Arguments =>
    [
        Kind == TableKind.Analyze ? "analyze" : "run", .. Row.Modules, "--kernel", Release,
        .. Kind == TableKind.Analyze ? new[] { "--no-cache" } : [],
        .. Kind != TableKind.Analyze && Row.Workload is { } workload ? new[] { "--workload", workload } : [],
        .. Kind switch
        {
            TableKind.Poison => new[] { "--poison", "--mode", "micro" },
            TableKind.Checking => ["--checking", "--mode", "micro"],
            _ => [],
        },
    ];
}
