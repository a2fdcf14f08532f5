// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;
using DriverSlicer.Cli.Output;
using DriverSlicer.Lab;
using DriverSlicer.Lab.Faults;

namespace DriverSlicer.Cli.Faults;

/// <summary>What a campaign showed. Class A decides the exit code; class B is counted and listed in a table of its own, nothing hidden.</summary>
public sealed class FaultsReport(FaultsOptions options, LabKernel kernel, ImmutableArray<DriverFaults> drivers)
{
    private readonly ImmutableArray<(string Driver, FaultResult Result)> _promised = [.. drivers.SelectMany(d => d.Promised.Select(r => (d.Driver, r)))];
    private readonly ImmutableArray<(string Driver, FaultResult Result)> _notPromised = [.. drivers.SelectMany(d => d.NotPromised.Select(r => (d.Driver, r)))];

    /// <summary>Those of a boot that also did class B faults say nothing of class A.</summary>
    private ImmutableArray<string> Others => [.. drivers.SelectMany(d => d.Others.Where(o => !IsOther(o)).Select(o => $"{d.Driver}: {o}"))];

    public int Exit => _promised.All(p => p.Result.Good) && Others.IsEmpty && !_promised.IsEmpty | !_notPromised.IsEmpty ? ExitCodes.Fine : ExitCodes.Failed;

    public void Print()
    {
        Table($"class A: promised; seed {options.Seed}, Linux {kernel.Release}", _promised);
        Table("class B: not promised (well-formed wrong values)", _notPromised);
        List("FAILED", _promised.Where(p => !p.Result.Good));
        List("not survived, and not promised", _notPromised.Where(p => !p.Result.Good));
        foreach (var other in Others)
            Render.Line($"outside of any fault: {other}");
    }

    private static void Table(string title, ImmutableArray<(string Driver, FaultResult Result)> all)
    {
        if (all.IsEmpty)
            return;
        string[] Row(string name, ImmutableArray<FaultResult> r) =>
        [
            name, $"{r.Length}", $"{r.Count(x => x.Alive)}", $"{r.Count(x => x.Data is "same" or "none")}", $"{r.Count(x => x.Data == "new")}", $"{r.Count(x => x.Serving)}", $"{r.Count(x => x.Right)}",
            $"{r.Count(x => x.Rebinds > 0)}", Times(r.Select(x => x.ErrorMs)), Times(r.Select(x => x.RecoveryMs)), Times(r.Where(x => x.Clean).Select(x => x.GapMs)),
        ];
        var rows = all.GroupBy(p => p.Driver).Select(g => Row(g.Key, [.. g.Select(p => p.Result)]))
            .Concat(all.GroupBy(p => FaultKind.Named(p.Result.Point.Kind)).OrderBy(g => FaultKind.All.IndexOf(g.Key)).Select(g => Row($"{g.Key.Group}: {g.Key.Name}", [.. g.Select(p => p.Result)])))
            .Append(Row("all", [.. all.Select(p => p.Result)]));
        Render.Table(
            title, ["", "injected", "kernel alive", "same stream", "new stream", "serving", "next right", "bound anew", "error, ms", "recovery, ms", "pause if clean, ms"], rows);
    }

    private static void List(string title, IEnumerable<(string Driver, FaultResult Result)> bad)
    {
        foreach (var (driver, r) in bad)
        {
            var what = string.Join(", ", new[]
            {
                r.Alive ? null : r.Reports.IsEmpty ? "the guest ended" : $"kernel: {r.Reports[0]}", r.Hung ? "the request hangs" : null, r.Serving ? null : "no process serves",
                r.Right ? null : "wrong answers", r.DataGood ? null : $"data {r.Data}",
                r.CameBack ? null : "had to be bound anew",
            }.OfType<string>());
            Render.Line($"{title}: {driver} {r.Point}: {what}");
            Render.Line($"  again: ./driverslicer faults --drivers {driver} --point '{r.Point}'");
        }
    }

    /// <summary>Median and worst of those that were measured.</summary>
    private static string Times(IEnumerable<long> all)
    {
        long[] sorted = [.. all.Where(t => t >= 0).Order()];
        return sorted.Length == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Length / 2]} / {sorted[^1]}");
    }

    private static bool IsOther(string complaint) => complaint.StartsWith("boot ", StringComparison.Ordinal) && int.TryParse(complaint.Split(' ', ':')[1], out var boot) && boot >= FaultCampaign.FirstOther;

    public Dictionary<string, object?> Json()
    {
        var json = new Dictionary<string, object?> { ["schema"] = 1, ["exit"] = Exit, ["kernel"] = kernel.Release, ["checking"] = kernel.Checking, ["seed"] = options.Seed, ["drivers"] = drivers.Select(d => d.Driver).ToArray() };
        foreach (var (key, value) in Counts(_promised))
            json[key] = value;
        json["reports"] = _promised.SelectMany(p => p.Result.Reports.Select(r => $"{p.Driver} {p.Result.Point}: {r}")).Concat(Others).ToArray();
        json["failed"] = _promised.Where(p => !p.Result.Good).Select(Point).ToArray();
        json["kinds"] = _promised.GroupBy(p => p.Result.Point.Kind).ToDictionary(g => g.Key, g => g.Count());
        json["not_promised"] = Counts(_notPromised);
        json["not_promised_failed"] = _notPromised.Where(p => !p.Result.Good).Select(Point).ToArray();
        json["not_struck"] = drivers.Sum(d => d.Results.Count(r => r.Struck == 0));
        json["diagnostics"] = Array.Empty<object>();
        return json;
    }

    private static Dictionary<string, object?> Counts(ImmutableArray<(string Driver, FaultResult Result)> all)
    {
        long? Worst(Func<FaultResult, long> of) => all.Select(p => of(p.Result)).Where(t => t >= 0).Cast<long?>().Max();
        long? Median(Func<FaultResult, long> of) => all.Select(p => of(p.Result)).Where(t => t >= 0).Order().ToArray() is { Length: > 0 } t ? t[t.Length / 2] : null;
        return new()
        {
            ["injected"] = all.Length,
            ["kernel_alive"] = all.Count(p => p.Result.Alive),
            ["data_path_alive"] = all.Count(p => p.Result.DataAlive),
            ["data_path_tested"] = all.Count(p => p.Result.Data != "none"),
            ["restarted"] = all.Count(p => p.Result.Serving),
            ["next_call_right"] = all.Count(p => p.Result.Right),
            ["needed_rebind"] = all.Count(p => p.Result.Rebinds > 0),
            ["process_died"] = all.Count(p => p.Result.Died),
            ["worst_error_ms"] = Worst(r => r.ErrorMs),
            ["median_error_ms"] = Median(r => r.ErrorMs),
            ["worst_recovery_ms"] = Worst(r => r.RecoveryMs),
            ["median_recovery_ms"] = Median(r => r.RecoveryMs),
            ["worst_clean_pause_ms"] = all.Where(p => p.Result.Clean && p.Result.Data != "none").Select(p => (long?)p.Result.GapMs).Max(),
        };
    }

    private static object Point((string Driver, FaultResult Result) p) => new
    {
        driver = p.Driver, point = p.Result.Point.ToString(), kernel_alive = p.Result.Alive, hung = p.Result.Hung, serving = p.Result.Serving, right = p.Result.Right, data = p.Result.Data,
        rebinds = p.Result.Rebinds, reports = p.Result.Reports,
    };
}
