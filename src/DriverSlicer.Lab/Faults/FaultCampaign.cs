// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace DriverSlicer.Lab.Faults;

/// <summary>
/// A campaign against one driver:
///   1. Record   one boot without faults: what each action of the guest's script leads to
///   2. Plan     points, from record and seed (FaultPlanner)
///   3. Inject   many per boot, one after the other; a guest that dies or gets stuck costs that boot, the next one goes on behind it
/// Every result goes to the journal at once. Promised faults first: what is not promised may leave anything behind, so each boot has only one class.
/// </summary>
public sealed class FaultCampaign(FaultRequest request, Action<string> progress)
{
    private const int PerBoot = 60;
    private readonly string _folder = request.Lab.EvidenceDir;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _before;

    /// <summary>Complaints of kernels outside of any fault.</summary>
    public List<string> Others { get; } = [];

    /// <exception cref="LabException">QEMU or the lab's set-up failed, or the recording boot did</exception>
    public async Task<IReadOnlyList<FaultResult>> RunAsync(CancellationToken ct)
    {
        var journal = FaultJournal.Open(_folder, request.Key);
        _before = journal.Results.Count;
        if (_before > 0)
            progress($"goes on behind {_before} faults of {_folder}");
        if (journal.Profile is null && request.Only.IsEmpty)
            journal.Set(await RecordAsync(ct));
        if (!request.Only.IsEmpty)
        {
            await InjectAsync(journal, request.Only, 0, request.Only.Length, ct);
            return journal.Results;
        }
        var promised = new FaultPlanner(journal.Profile!, request.Targets, request.Lab.Seed, request.Kinds).Promised();
        await ClassAsync(journal, promised, 0, request.Promised, ct);
        var others = new FaultPlanner(journal.Profile!, request.Targets, request.Lab.Seed, request.Kinds).NotPromised();
        await ClassAsync(journal, others, FirstOther, request.NotPromised, ct);
        return journal.Results;
    }

    /// <summary>Indices of class B begin here.</summary>
    public const int FirstOther = 1_000_000;

    private async Task ClassAsync(FaultJournal journal, IEnumerable<FaultPoint> points, int first, int wanted, CancellationToken ct)
    {
        bool Mine(FaultResult r) => (r.Index >= FirstOther) == (first >= FirstOther);
        while (journal.Results.Count(r => Mine(r) && r.Struck > 0) is var struck && struck < wanted)
        {
            var done = journal.Results.Where(Mine).Select(r => r.Index + 1).DefaultIfEmpty(first).Max() - first;
            // Some will not strike, and a boot for the last one or two costs more than a few too many.
            var next = points.Skip(done).Take(Math.Min(PerBoot, ((wanted - struck) * 5 / 4) + 2)).ToImmutableArray();
            if (next.IsEmpty)
                return;
            await InjectAsync(journal, next, first + done, wanted - struck, ct);
        }
    }

    private async Task<FaultProfile> RecordAsync(CancellationToken ct)
    {
        progress("recording what each action leads to");
        var outcome = await BootAsync([], null, "record", _ => { }, ct);
        var profile = FaultProfile.Parse(outcome.Console);
        if (GuestLog.Parse(outcome.Console).ExitCode != 0 || profile.Calls.IsEmpty)
            throw new LabException($"without any fault the workload fails: see {Path.Combine(_folder, "record.log")}");
        progress($"{profile.Calls.Length} upcalls with {profile.Calls.Sum(c => c.Downcalls.Length)} downcalls of {profile.Calls.Select(c => c.Entry).Distinct().Count()} entry points");
        return profile;
    }

    private async Task InjectAsync(FaultJournal journal, ImmutableArray<FaultPoint> points, int first, int wanted, CancellationToken ct)
    {
        for (var from = 0; from < points.Length;)
        {
            var known = journal.Results.Count;
            var log = new FaultLog(i => points[i - first], r => Note(journal, r, wanted));
            var outcome = await BootAsync(
                [.. points.Select((p, i) => $"{first + i} {p.GuestLine}")], first + from, $"boot-{first + from}", log.Add, ct);
            log.End();
            Others.AddRange(log.Others);
            if (journal.Results.Count == known)
                throw new LabException($"the guest came to no fault at all: see {Path.Combine(_folder, $"boot-{first + from}.log")}");
            from = journal.Results[^1].Index + 1 - first;
            var guest = GuestLog.Parse(outcome.Console);
            if (guest.ExitCode is { } code and not 0)
                Others.AddRange(guest.Transcript.Where(l => l.StartsWith("FAILED", StringComparison.Ordinal)).Select(l => $"boot {first + from}: {l}").DefaultIfEmpty($"boot {first + from}: exit code {code}"));
        }
    }

    private void Note(FaultJournal journal, FaultResult result, int wanted)
    {
        journal.Add(result);
        var now = journal.Results.Skip(_before).ToArray();
        var struck = now.Count(r => r.Struck > 0);
        var all = request.Only.IsEmpty ? Math.Max(wanted, request.Promised + request.NotPromised - _before) : wanted;
        var left = TimeSpan.FromSeconds(_clock.Elapsed.TotalSeconds / Math.Max(1, struck) * Math.Max(0, all - struck));
        var verdict = result.Struck == 0 ? "did not strike" : result.Good ? result.Rebinds > 0 ? "bound anew" : "ok" : "BAD";
        progress(string.Create(CultureInfo.InvariantCulture, $"{journal.Results.Count} {result.Point}: {verdict}; about {left:h\\:mm\\:ss} left"));
        foreach (var report in result.Reports)
            progress($"  kernel: {report}");
    }

    private async Task<BootOutcome> BootAsync(ImmutableArray<string> points, int? from, string name, Action<string> onLine, CancellationToken ct)
    {
        var lab = LabFolder.Find();
        var lines = string.Join('\n', points) + "\n";
        var plan = LabPlan.From(request.Lab with { Texts = [("/lab/points", lines)] }, LabTables.Load(lab));
        using var scratch = new Scratch();
        using var echo = new EchoServer();
        var initramfs = Path.Combine(scratch.Path, "initramfs.cpio");
        await GuestImage.BuildAsync(plan, lab, scratch.Path, initramfs, ct);
        var options = Lab.ForBoot(Lab.Options(plan, initramfs, null), plan.Row.Boots[0], scratch.Path, 0, null, request.Lab.Seed);
        var environment = options.GuestEnvironment.SetItem("LAB_ECHO_PORT", echo.Port.ToString(CultureInfo.InvariantCulture));
        if (from is { } index)
            environment = environment.SetItem("LAB_FAULTS_FROM", index.ToString(CultureInfo.InvariantCulture));
        await using var log = File.CreateText(Path.Combine(_folder, name + ".log"));
        log.AutoFlush = true;
        return await VirtualMachine.BootAsync(options with { GuestEnvironment = environment }, log, onLine, request.Lab.Limit, ct);
    }
}
