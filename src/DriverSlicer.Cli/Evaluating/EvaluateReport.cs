// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using DriverSlicer.Cli.Output;
using DriverSlicer.Cli.Running;
using DriverSlicer.Cli.Tabling;

namespace DriverSlicer.Cli.Evaluating;

/// <summary>What was measured of each driver, what it is held to, and the runs' own JSON.</summary>
public sealed record EvaluateReport(EvaluatePlan Plan, Func<IRecordedStep, JsonObject?> Find)
{
    public IEnumerable<(EvaluateStep Step, JsonObject Record)> Measured =>
        Plan.Steps.Select(s => (Step: s, Record: Find(s))).Where(s => s.Record is not null).Select(s => (s.Step, s.Record!));

    public IEnumerable<EvaluateStep> Missing => Plan.Steps.Where(s => Find(s) is null);

    /// <summary>Failed by a run, or by a goal that was measured and not met; without a result if a run did not measure what it is held to.</summary>
    public int Exit
    {
        get
        {
            var met = Measured.SelectMany(m => Result(m.Record) is { } result ? m.Step.HeldTo.Select(g => g.Met(result)) : []).ToArray();
            return met.Contains(false) || Measured.Any(m => (int)m.Record["exit"]! != ExitCodes.Fine) ? ExitCodes.Failed
                : met.Contains(null) ? ExitCodes.Lab : ExitCodes.Fine;
        }
    }

    public void Print()
    {
        foreach (var (step, record) in Measured)
        {
            if (Result(record) is not { } result)
            {
                Render.Line($"FAILED: {step.Name}: exit code {record["exit"]}");
                continue;
            }

            Render.Table($"{step.Name} on Linux {result["kernel"]}, workload {result["workload"]}{((int)record["exit"]! == ExitCodes.Fine ? "" : ": FAILED")}", ["", "native", "microdriver"], Rows(result));
        }

        var goals = Goals().ToArray();
        if (goals.Length > 0)
            Render.Table("what is asked for", ["driver", "value", "measured", "asked for", ""], goals);
    }

    public IEnumerable<string[]> Rows(JsonObject result) => MetricRows.Of(Numbers(result["native"]), Numbers(result["micro"]))
        .Concat(Ratios(result).Select(r => new[] { MetricRows.Ratio(r.Name), "100%", r.ToString() }));

    public IEnumerable<string[]> Goals() =>
        from measured in Measured
        let result = Result(measured.Record)
        where result is not null
        from goal in measured.Step.HeldTo
        select new[] { measured.Step.Name, goal.Value, goal.In(result)?.ToString("0.###", CultureInfo.InvariantCulture) ?? "-", goal.ToString(), Said(goal.Met(result)) };

    /// <param name="commit">null: unknown</param>
    public Dictionary<string, object?> Json(string? commit) => new()
    {
        ["schema"] = 1,
        ["exit"] = Exit,
        ["commit"] = commit,
        ["steps"] = Measured.Select(m => new Dictionary<string, object?>
        {
            ["driver"] = m.Step.Name,
            ["command"] = (string?)m.Record["command"],
            ["seconds"] = (double?)m.Record["seconds"],
            ["goals"] = Result(m.Record) is { } result
                ? m.Step.HeldTo.Select(g => new { value = g.Value, measured = g.In(result), at_least = g.AtLeast, at_most = g.AtMost, met = g.Met(result) }).ToArray()
                : null,
            ["run"] = Result(m.Record),
        }).ToArray(),
        ["missing"] = Missing.Select(s => s.Name).ToArray(),
    };

    private static JsonObject? Result(JsonObject record) => record["result"] as JsonObject;

    private static IEnumerable<Comparison> Ratios(JsonObject result) => (result["ratio"] as JsonObject ?? []).Select(r => new Comparison(
        r.Key, (int)r.Value!["pairs"]!, (double)r.Value["median"]!, (double)r.Value["lower"]!, (double)r.Value["upper"]!));

    private static ImmutableSortedDictionary<string, double>? Numbers(JsonNode? side) => (side as JsonObject)?
        .Where(m => m.Value?.GetValueKind() == System.Text.Json.JsonValueKind.Number)
        .ToImmutableSortedDictionary(m => m.Key, m => (double)m.Value!, StringComparer.Ordinal);

    private static string Said(bool? met) => met switch { true => "met", false => "NOT MET", null => "not measured" };
}
