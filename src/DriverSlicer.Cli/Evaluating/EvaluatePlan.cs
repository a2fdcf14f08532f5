// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using DriverSlicer.Cli.Tabling;
using DriverSlicer.Lab;

namespace DriverSlicer.Cli.Evaluating;

/// <summary>What one value of a run is held to.</summary>
/// <param name="Value">ratio.NAME: median of microdriver to native; else a key of the microdriver's measurements</param>
public sealed record EvaluateGoal(string Value, double? AtLeast = null, double? AtMost = null)
{
    /// <summary>The value, from what <c>run --json</c> wrote; null if it was not measured.</summary>
    public double? In(JsonObject result) => (double?)(Value.StartsWith("ratio.", StringComparison.Ordinal)
        ? result["ratio"]?[Value["ratio.".Length..]]?["median"]
        : result["micro"]?[Value]);

    /// <summary>Null: not measured.</summary>
    public bool? Met(JsonObject result) => In(result) is { } value ? !(value < AtLeast) && !(value > AtMost) : null;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(AtLeast is { } least ? $"at least {least:0.###}" : "")}{(AtLeast is not null && AtMost is not null ? ", " : "")}{(AtMost is { } most ? $"at most {most:0.###}" : "")}");
}

/// <summary>One driver under one workload.</summary>
/// <param name="Arguments">of <c>run</c>, behind the driver</param>
public sealed record EvaluateStep(string Driver, ImmutableArray<string> Arguments, ImmutableArray<EvaluateGoal>? Goals = null) : IRecordedStep
{
    public ImmutableArray<EvaluateGoal> HeldTo => Goals ?? [];

    public string Name => Path.GetFileName(Driver);

    ImmutableArray<string> IRecordedStep.Arguments => ["run", Driver, .. Arguments];
}

/// <summary>lab/evaluate.json.</summary>
public sealed record EvaluatePlan(ImmutableArray<EvaluateStep> Steps)
{
    public static EvaluatePlan Load(string labFolder) => LabData.Load<EvaluatePlan>(labFolder, "evaluate.json");

    /// <exception cref="LabUsageException">A name that no step has.</exception>
    public EvaluatePlan Only(ImmutableArray<string> drivers)
    {
        if (drivers.IsEmpty)
            return this;
        var wanted = drivers.Select(d => LabPlan.Canonical(Path.GetFileName(d))).ToHashSet(StringComparer.Ordinal);
        var steps = Steps.Where(s => wanted.Contains(LabPlan.Canonical(s.Name))).ToImmutableArray();
        var unknown = wanted.Except(steps.Select(s => LabPlan.Canonical(s.Name))).FirstOrDefault();
        return unknown is null ? new EvaluatePlan(steps) : throw new LabUsageException($"evaluate measures no {unknown}: lab/evaluate.json has {string.Join(", ", Steps.Select(s => s.Name))}");
    }
}
