// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DriverSlicer.Cli.Tabling;

namespace DriverSlicer.Tests.Cli.Tabling;

public sealed class TableTests : IDisposable
{
    private static readonly TableRow Row = new(["a", "b"], "panic");
    private static readonly TablePlan Plan = new(["6.1", "6.12"], "6.1", [Row]);
    private static readonly ImmutableArray<(string, string)> Kernels = [("6.1", "6.1.0-9"), ("6.12", "6.12.7")];
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();

    [Fact]
    public void Checking_is_asked_for_on_the_series_of_its_source_only() => Assert.Equal(
        ["a+b-6.1.0-9-analyze", "a+b-6.12.7-analyze", "a+b-6.1.0-9-run", "a+b-6.12.7-run", "a+b-6.1.0-9-poison", "a+b-6.12.7-poison", "a+b-6.1.0-9-checking"],
        Plan.Steps(Kernels).Select(s => s.Name));

    [Fact]
    public void A_step_says_what_a_person_would_type() => Assert.Equal(
        "run a b --kernel 6.12.7 --workload panic --poison --mode micro", string.Join(' ', new TableStep(Row, "6.12.7", TableKind.Poison).Arguments));

    [Fact]
    public async Task What_is_recorded_is_not_repeated_and_what_the_lab_failed_at_is_not_recorded()
    {
        var records = new StepRecords(folder.FullName);
        var asked = new List<string>();
        var exits = new Dictionary<TableKind, int> { [TableKind.Analyze] = 0, [TableKind.Run] = 1, [TableKind.Poison] = 4, [TableKind.Checking] = 3 };
        for (var time = 0; time < 2; time++)
        {
            await StepRunner.FillAsync([.. Plan.Steps([Kernels[0]])], records, (step, _, _) =>
            {
                asked.Add(step.Kind.ToString());
                return Task.FromResult((exits[step.Kind], (JsonNode?)new JsonObject()));
            }, TestContext.Current.CancellationToken);
        }

        Assert.Equal(["Analyze", "Run", "Poison", "Checking", "Poison"], asked);
    }

    [Fact]
    public void A_line_has_what_its_records_say_and_nothing_else()
    {
        var analysis = """
            {"exit":0,"result":{"modules":[
             {"functions":[],"annotations":0,"driver_lines_changed":0,"user_functions":3,"kernel_functions":1,"user_lines":30,"kernel_lines":10,"upcall_entries":2,"downcall_targets":5,
              "crossings":[{"kind":"upcall","fields_in":2,"fields_out":1,"bytes_in":8,"bytes_out":4,"merged_fields":6,"merged_bytes":24,"deep_fields":60,"deep_bytes":240},
                           {"kind":"upcall","fields_in":0,"fields_out":1,"bytes_in":0,"bytes_out":4,"merged_fields":2,"merged_bytes":8,"deep_fields":20,"deep_bytes":80},
                           {"kind":"downcall","fields_in":9,"fields_out":9,"bytes":99}],
              "both_written":["x.y"],"locks":[{"answer":"gate"},{"answer":"local"},{"answer":"local"}],"seconds":1.5,"peak_rss_mb":200},
             {"functions":[],"annotations":0,"driver_lines_changed":0,"user_functions":0,"kernel_functions":1,"user_lines":0,"kernel_lines":20,"upcall_entries":0,"downcall_targets":0,
              "crossings":[],"both_written":[],"locks":[],"seconds":0.5,"peak_rss_mb":210}]}}
            """;
        var run = """{"exit":1,"result":{"workload":"panic","native":{"ok":true},"micro":{"ok":false,"init_ms":3},"transcript_equal":false}}""";
        var line = Line(("analyze", analysis), ("run", run), ("poison", """{"exit":0,"result":{}}"""));
        Assert.Equal(["a+b", "6.1.0-9", "yes", "yes", "yes", "panic: FAILED", "NO", "-", "yes", "0", "0", "50%"], TableReport.Verdicts(line));
        Assert.Equal(["a+b", "6.1.0-9", "3, 30", "2, 30", "2", "5", "2 / 4 / 40", "8 / 16 / 160", "1", "1 gate, 2 local", "2.0", "210"], TableReport.Counts(line));
        Assert.True(line.Failed);
    }

    [Fact]
    public void Below_what_is_asked_for_the_lines_that_stay_are_listed_by_reason()
    {
        static string Function(string name, string half, int lines, string reason) =>
            $$"""{"name":"{{name}}","half":"{{half}}","lines":{{lines}},"reason":"{{reason}}"}""";
        var functions = string.Join(',', [
            Function("irq", "kernel", 40, "on the hot path: called as struct ops.irq in hardirq context (x)"),
            Function("step", "kernel", 9, "reached from irq, which is on the hot path as struct ops.irq"),
            Function("tick", "kernel", 30, "runs in softirq context as timer_setup#1 (timer softirq)"),
            Function("flush", "kernel", 5, "reached from tick, which runs in softirq context as timer_setup#1"),
            Function("take", "kernel", 20, "takes struct own.lock: step takes it in the kernel half"),
            Function("give", "kernel", 1, "called with struct own.lock held by take, which is in the kernel half"),
            Function("scan", "kernel", 3, "takes or gives back struct own.lock through take, which is in the kernel half"),
            Function("cut", "kernel", 2, "region of scan that holds struct own.lock, outlined: irq takes it in the kernel half"),
            Function("list", "kernel", 6, "takes global registry: step takes it in the kernel half"),
            Function("call", "kernel", 4, "entered from a place without a rule: struct odd.call; it may be called in any context"),
            Function("called", "kernel", 1, "reached from call, which is entered from struct odd.call, a place without a rule"),
            Function("odd", "kernel", 7, "inline assembly"),
            Function("open", "user", 8, "called only in process context, as struct ops.open"),
        ]);
        var record = $$"""
            {"exit":0,"result":{"functions":[{{functions}}],"annotations":0,"driver_lines_changed":0,"user_functions":1,"kernel_functions":12,"user_lines":8,"kernel_lines":128,
             "upcall_entries":1,"downcall_targets":0,"crossings":[],"both_written":[],"locks":[],"seconds":1,"peak_rss_mb":1} }
            """;
        var line = TableLine.Of(Row with { Least = 10 }, "6.1.0-9", true, step => step.Kind == TableKind.Analyze ? JsonNode.Parse(record)!.AsObject() : null);

        Assert.Equal("6% (below 10)", TableReport.Verdicts(line)[^1]);
        Assert.Equal(
            ["49: on the hot path, or reached from there: irq, step", "35: runs in softirq context as timer_setup#1: tick, flush", "26: struct own.lock: take, scan, cut, give", "7: inline assembly: odd", "6: global registry: list",
                "5: a place without a rule: struct odd.call: call, called"],
            line.Kept.Select(k => string.Join(": ", TableReport.Reason(k))));
        Assert.False(line.Failed);
        Assert.True((line with { Annotations = 1 }).Failed);
        Assert.False((line with { Row = Row with { Least = 5 } }).IsBelowLeast);
    }

    [Fact]
    public void A_slice_that_does_not_compile_does_not_build() =>
        Assert.Equal((true, false, null), Verdict(Line(("analyze", """{"exit":0,"result":{}}"""), ("run", """{"exit":3,"result":{"exit":3}}"""))));

    [Fact]
    public void A_driver_that_is_refused_has_no_other_verdict() =>
        Assert.Equal((false, null, null), Verdict(Line(("analyze", """{"exit":3,"result":{"diagnostics":[]}}"""), ("run", """{"exit":3,"result":{}}"""))));

    [Fact]
    public void What_was_not_run_is_neither_good_nor_bad()
    {
        Assert.Equal(["a+b", "6.1.0-9", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"], TableReport.Verdicts(Line()));
        Assert.False(Line().Failed);
    }

    [Fact]
    public void The_state_changes_with_the_sources_and_not_with_the_documents()
    {
        var source = Directory.CreateDirectory(Path.Combine(folder.FullName, "specs")).FullName;
        File.WriteAllText(Path.Combine(source, "x.toml"), "1");
        var before = StepRecords.State(folder.FullName);
        File.WriteAllText(Path.Combine(folder.FullName, "README.md"), "1");
        Assert.Equal(before, StepRecords.State(folder.FullName));
        File.WriteAllText(Path.Combine(source, "x.toml"), "2");
        Assert.NotEqual(before, StepRecords.State(folder.FullName));
    }

    [Fact]
    public void The_repositorys_own_plan_is_read()
    {
        var plan = TablePlan.Load(Path.Combine(Checkout.Root, "lab"));
        Assert.Contains(plan.Checking, plan.Kernels);
        Assert.All(plan.Rows, r => Assert.NotEmpty(r.Modules));
        Assert.Equal(68, plan.Rows.Single(r => r.Name == "psmouse").Least);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static (bool?, bool?, bool?) Verdict(TableLine line) => (line.Slices, line.Builds, line.Works);

    private static TableLine Line(params (string Kind, string Record)[] records) => TableLine.Of(
        Row, "6.1.0-9", true, step => records.Where(r => r.Kind == step.Kind.ToString().ToLowerInvariant()).Select(r => JsonNode.Parse(r.Record)!.AsObject()).FirstOrDefault());
}
