// SPDX-License-Identifier: GPL-2.0-only
using System.Globalization;
using System.Text.Json.Nodes;
using DriverSlicer.Cli.Evaluating;
using DriverSlicer.Cli.Output;
using DriverSlicer.Cli.Tabling;
using DriverSlicer.Lab;

namespace DriverSlicer.Tests.Cli.Evaluating;

public sealed class EvaluateTests
{
    private static readonly EvaluatePlan Plan = new(
    [
        new("card", ["--pairs", "2"], [new("ratio.send", AtLeast: 0.98), new("upcalls_during_load", AtMost: 0), new("ratio.start", AtMost: 1.5)]),
        new("samples/other", []),
    ]);

    /// <summary>As it is read from a file.</summary>
    private static JsonObject Record(double send, int upcalls, int exit = 0) => (JsonObject)JsonNode.Parse(string.Create(CultureInfo.InvariantCulture, $$"""
        {
          "exit": {{exit}}, "command": "run card", "seconds": 3.0,
          "result": {
            "kernel": "6.1.7", "workload": "net-load",
            "native": { "ok": true, "send_mbps": 10 }, "micro": { "ok": true, "send_mbps": 9.9, "upcalls_during_load": {{upcalls}} },
            "ratio": { "send": { "median": {{send}}, "lower": {{send - 0.01}}, "upper": {{send + 0.01}}, "pairs": 3 } }
          }
        }
        """))!;

    private static EvaluateReport Of(JsonObject? card) => new(Plan, step => step.Name == "card" ? card : null);

    [Theory]
    [InlineData(0.99, 0, ExitCodes.Lab)]
    [InlineData(0.97, 0, ExitCodes.Failed)]
    [InlineData(0.98, 1, ExitCodes.Failed)]
    public void A_goal_that_is_missed_fails_and_one_that_was_not_measured_is_no_result(double send, int upcalls, int exit)
    {
        var report = Of(Record(send, upcalls));
        Assert.Equal(exit, report.Exit);
        Assert.Equal("not measured", report.Goals().Single(g => g[1] == "ratio.start")[4]);
        Assert.Equal(["other"], report.Missing.Select(s => s.Name));
    }

    [Fact]
    public void A_run_that_failed_fails_whatever_it_measured() => Assert.Equal(ExitCodes.Failed, Of(Record(0.99, 0, exit: 1)).Exit);

    [Fact]
    public void Both_sides_and_ratios_are_shown_in_words()
    {
        var record = Record(0.991, 0);
        var rows = Of(record).Rows((JsonObject)record["result"]!).Select(r => string.Join(" | ", r));
        Assert.Equal(
            ["sending, Mbit/s | 10 | 9.9", "calls into the user process under load | - | 0", "sending, microdriver against native | 100% | 99.1% (98.1 to 100.1, 3 pairs)"], rows);
    }

    [Fact]
    public void What_nobody_measures_is_said() =>
        Assert.Contains("card, other", Assert.Throws<LabUsageException>(() => Plan.Only(["ghost"])).Message, StringComparison.Ordinal);

    [Fact]
    public void The_plan_of_the_lab_names_commands_that_exist()
    {
        var plan = EvaluatePlan.Load(Path.Combine(Checkout.Root, "lab"));
        Assert.All(plan.Steps, s => Assert.Equal(["run", s.Driver], ((IRecordedStep)s).Arguments.Take(2)));
        Assert.All(plan.Steps.SelectMany(s => s.HeldTo), g => Assert.True(g.AtLeast is not null || g.AtMost is not null));
        Assert.Equal(plan.Steps.Length, plan.Steps.Select(s => s.Name).Distinct().Count());
    }
}
