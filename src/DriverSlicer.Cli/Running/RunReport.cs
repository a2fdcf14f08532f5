// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Cli.Output;
using DriverSlicer.Lab;

namespace DriverSlicer.Cli.Running;

/// <summary>What a run showed, for a person and for a program. A result that was not obtained is absent, never zero.</summary>
public sealed class RunReport
{
    private readonly RunOptions options;
    private readonly Sliced sliced;
    private readonly ImmutableArray<Sliced> all;
    private readonly LabKernel kernel;
    private readonly string workload;
    private readonly LabResult? native;
    private readonly LabResult? micro;
    private readonly ImmutableArray<TranscriptDifference>? differences;
    private ImmutableArray<TranscriptDifference>? unlike;
    private readonly ImmutableArray<Comparison> ratios = [];

    /// <param name="sliced">The module whose device and workload this is.</param>
    /// <param name="all">That one, and those sliced together with it.</param>
    public RunReport(RunOptions options, Sliced sliced, ImmutableArray<Sliced> all, LabKernel kernel, string workload, LabResult? native, LabResult? micro)
    {
        (this.options, this.sliced, this.all, this.kernel, this.workload, this.native, this.micro) = (options, sliced, all, kernel, workload, native, micro);
        if (native is not null && micro is not null)
            unlike = differences = TranscriptDiff.Compare(native.Transcript, micro.Transcript, Masks);
    }

    public RunReport(RunOptions options, Sliced sliced, ImmutableArray<Sliced> all, LabKernel kernel, string workload, OneBoot both) =>
        (this.options, this.sliced, this.all, this.kernel, this.workload, native, micro, ratios) = (options, sliced, all, kernel, workload, both.Native, both.Micro, both.Ratios);

    /// <summary>Of <c>run --poison</c>.</summary>
    public PoisonFindings? Poison { get; set; }

    public bool Differs => differences is { IsEmpty: false };

    /// <summary>A second native run, which tells what differs anyway: what is left is what neither said.</summary>
    public LabResult? NativeAgain
    {
        get;
        set
        {
            field = value;
            if (value is { Ok: true })
                unlike = TranscriptDiff.ToBoth(native!.Transcript, value.Transcript, micro!.Transcript, Masks);
        }
    }

    private ImmutableArray<Mask> Masks => Mask.Load(workload, LabPlan.Canonical(sliced.Model.Driver));

    public int Exit => IsAsPlanned && (native?.Ok ?? true) && (micro?.Ok ?? true) && (unlike?.IsEmpty ?? true) ? ExitCodes.Fine : ExitCodes.Failed;

    private bool IsAsPlanned => Poison is null || (Poison.Violations.IsEmpty && (Poison.Upcalls > 0 || sliced.Plan.Upcalls.IsEmpty));

    public void Print()
    {
        var share = Share.Of(all);
        var title = $"{string.Join(" and ", all.Select(s => s.Model.Driver))} on Linux {kernel.Release}, workload {Path.GetFileNameWithoutExtension(workload)}";
        var rows = new List<string[]>
        {
            new[] { "in the user process", "none of it", $"{share.UserFunctions} functions, {share.UserLines} lines ({share.UserPercent:0}%)" },
            new[] { "in the kernel", $"{share.UserFunctions + share.KernelFunctions} functions, {share.UserLines + share.KernelLines} lines", $"{share.KernelFunctions} functions, {share.KernelLines} lines" },
            new[] { "entry points into the user half", "-", $"{all.Sum(s => s.Plan.Upcalls.Length)}" },
            new[] { "kernel functions it may call", "-", $"{all.Sum(s => s.Plan.Downcalls.Length)}" },
            new[] { "annotations", "-", $"{all.Sum(s => s.Plan.Choices.Count)}" },
            new[] { "lines of the driver changed", "-", $"{all.Sum(Slicer.LinesChanged)}" },
            new[] { "workload", Verdict(native), Verdict(micro) },
            new[] { "kernel warnings", Reports(native), Reports(micro) },
        };
        rows.AddRange(MetricRows.Of(native?.Metrics, micro?.Metrics));
        rows.AddRange(ratios.Select(r => new[] { MetricRows.Ratio(r.Name), "100%", r.ToString() }));
        if (differences is { } found)
            rows.Add(["same answers and log lines", "-", unlike is { IsEmpty: false } left ? $"no: {left.Length} lines differ"
                : found.IsEmpty ? "yes" : $"yes; {found.Length} lines are those of a second native run"]);
        if (Poison is { } poison)
        {
            rows.Add(["accesses outside of the plan", "-", poison.Upcalls > 0 || !poison.Violations.IsEmpty || sliced.Plan.Upcalls.IsEmpty ? $"{poison.Violations.Length}" : "not measured: the workload read no counters"]);
            rows.Add(["bytes brought per upcall", "-", $"{poison.PerUpcall(poison.BytesIn)}"]);
            rows.Add(["  of these touched", "-", $"{poison.PerUpcall(poison.BytesTouched)}"]);
        }

        Render.Table(title, ["", "native", "microdriver"], rows);
        Explain("native", native);
        Explain("microdriver", micro);
        foreach (var violation in Poison?.Violations ?? [])
            Render.Line($"  {violation}");
        if (native is { Ok: false } && micro is { Ok: false })
            Render.Line("the driver fails this workload natively, too: what is the same on both sides is not the slice's doing");
        Differ(differences ?? []);
    }

    private void Differ(ImmutableArray<TranscriptDifference> found)
    {
        const int Shown = 20;
        if (found.IsEmpty)
            return;
        var left = (unlike ?? []).ToList();
        var alike = found.Length - left.Count;
        Render.Line(left.Count == 0
            ? $"the microdriver did not say the same as the native driver in {found.Length} lines, in which a second native run said what it says"
            : $"FAILED: the microdriver did not say the same as the native driver, in {left.Count} lines");
        foreach (var difference in found.Take(Shown))
            Render.Line($"  {difference}{(left.Remove(difference) ? "" : "   (so does the native driver from itself)")}");
        if (found.Length > Shown)
            Render.Line($"  and {found.Length - Shown} more");
        Render.Line($"  {OfItself(alike)}");
        Render.Line($"  both: {Evidence("native")}/transcript.txt and {Evidence("microdriver")}/transcript.txt");
    }

    /// <summary>What differs between two native runs; null if there was no second one that passed.</summary>
    private ImmutableArray<TranscriptDifference>? Own() => native is not null && NativeAgain is { Ok: true } again
        ? TranscriptDiff.Compare(native.Transcript, again.Transcript, Masks)
        : null;

    private string OfItself(int alike) => Own() switch
    {
        null => "what differs between two native runs as well is the driver's own timing: docs/guide/your-driver.md (masks)",
        { IsEmpty: true } => "a second native run said what the first one did: the difference is the slice's doing, or rare",
        { } some => $"two native runs differ in {some.Length} lines, {alike} of these among them: what is the driver's own timing can be masked (docs/guide/your-driver.md)",
    };

    private string Evidence(string name) =>
        $"build/evidence/{sliced.Model.Driver}-{Path.GetFileNameWithoutExtension(workload)}-{kernel.Release}-{(name == "native" ? name : "micro")}{options.Suffix}";

    public Dictionary<string, object?> Json()
    {
        var share = Share.Of(all);
        return new Dictionary<string, object?>
        {
            ["schema"] = 1,
            ["exit"] = Exit,
            ["driver"] = sliced.Model.Driver,
            ["modules"] = all.Length > 1 ? all.Select(s => s.Model.Driver).ToArray() : null,
            ["kernel"] = kernel.Release,
            ["device"] = options.Device,
            ["workload"] = workload,
            ["user_functions"] = share.UserFunctions,
            ["kernel_functions"] = share.KernelFunctions,
            ["user_lines"] = share.UserLines,
            ["kernel_lines"] = share.KernelLines,
            ["annotations"] = all.Sum(s => s.Plan.Choices.Count),
            ["driver_lines_changed"] = all.Sum(Slicer.LinesChanged),
            ["upcall_entries"] = all.Sum(s => s.Plan.Upcalls.Length),
            ["downcall_targets"] = all.Sum(s => s.Plan.Downcalls.Length),
            ["native"] = Side(native),
            ["micro"] = Side(micro),
            ["ratio"] = ratios.IsEmpty ? null : ratios.ToDictionary(r => r.Name, r => r.Json()),
            ["transcript_equal"] = unlike?.IsEmpty,
            ["transcript_differences"] = differences?.Select(d => d.ToString()).ToArray(),
            ["native_differences"] = Own()?.Select(d => d.ToString()).ToArray(),
            ["poison"] = Poison?.Json(),
            ["kernel_reports"] = (native?.KernelReports ?? []).Concat(micro?.KernelReports ?? []).ToArray(),
            ["diagnostics"] = JsonFile.Diagnostics(all.SelectMany(s => s.Plan.Diagnostics)),
        };
    }

    private static Dictionary<string, object?>? Side(LabResult? result)
    {
        if (result is null)
            return null;
        var side = new Dictionary<string, object?> { ["ok"] = result.Ok };
        foreach (var (key, value) in result.Metrics)
            side[key] = value;
        if (MetricRows.RoundTrip(result.Metrics) is { } trip)
            side["round_trip_to_pipe_ratio"] = Math.Round(trip.Request / trip.Pipe, 3);
        if (result.FailureReason is { } reason)
            side["failure"] = reason;
        return side;
    }

    private static string Verdict(LabResult? result) => result is null ? "not run" : result.Ok ? "passed" : "FAILED";

    private static string Reports(LabResult? result) => result is null ? "not run" : $"{result.KernelReports.Length}";

    /// <summary>Checks of the guest's script that failed, in any boot.</summary>
    private static IEnumerable<string> Failed(LabResult result) => result.Console.Split('\n').Select(ConsoleLine.Text)
        .Where(l => l.StartsWith("@@T FAILED", StringComparison.Ordinal)).Select(l => l["@@T ".Length..]);

    /// <summary>What the runtime said of its own accord: it names the call that went wrong.</summary>
    private static IEnumerable<string> Runtime(LabResult result) => result.Console.Split('\n').Select(ConsoleLine.Text)
        .Where(l => l.StartsWith("microdriver: ", StringComparison.Ordinal) && !l.Contains("taint", StringComparison.Ordinal));

    private void Explain(string name, LabResult? result)
    {
        if (result is null || result.Ok)
            return;
        Render.Line($"{name}: {result.FailureReason}");
        foreach (var line in result.KernelReports.Concat(Failed(result)).Concat(Runtime(result)).Distinct().Take(15))
            Render.Line($"  {line}");
        Render.Line($"  evidence, with repro.sh: {Evidence(name)}");
    }
}
