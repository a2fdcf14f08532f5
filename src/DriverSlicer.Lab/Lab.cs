// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;

namespace DriverSlicer.Lab;

/// <summary>
/// Boots a kernel in QEMU and lets a driver work:
///   1. LabPlan.From        request and tables to what has to be booted; wrong requests end here
///   2. GuestImage.Build    the initramfs, the same for all boots of the workload
///   3. VirtualMachine.Boot once per boot of the workload
///   4. Verdict.Judge       consoles and QEMU's events to one result
///   5. Evidence            console.log, request.json, recordings and transcript.txt (as compared, with the masks applied) always; on failure what it takes to repeat it
/// Two kinds of failure are kept apart: what the kernel under test does wrong is a result, what the lab does wrong throws.
/// </summary>
public static class Lab
{
    /// <exception cref="LabUsageException">the request names something that does not exist</exception>
    /// <exception cref="LabException">QEMU or the lab's set-up failed</exception>
    public static async Task<LabResult> RunAsync(LabRequest request, Action<string> progress, CancellationToken ct)
    {
        var lab = LabFolder.Find();
        var plan = LabPlan.From(request, LabTables.Load(lab));
        Evidence.WriteRequest(request);
        using var scratch = new Scratch();
        var initramfs = Path.Combine(scratch.Path, "initramfs.cpio");

        progress("building the guest image");
        await GuestImage.BuildAsync(plan, lab, scratch.Path, initramfs, ct);
        var counter = plan.Row.Boots.Any(b => b.CountInstructions) ? await CounterAsync(lab, scratch.Path, ct) : null;
        using var iperf = plan.Row.IperfServer ? await IperfServer.StartAsync(ct) : null;
        // From here on the guest image is fixed: every boot, and repro.sh, uses this one.

        var template = Options(plan, initramfs, iperf?.Port);
        var outcomes = ImmutableArray.CreateBuilder<(BootRow, BootOutcome)>();
        var failed = (VmOptions?)null;
        var current = template;
        try
        {
            await using var log = File.CreateText(Path.Combine(request.EvidenceDir, "console.log"));
            log.AutoFlush = true; // whoever waits wants to look on
            var deadline = DateTime.UtcNow + request.Limit;
            foreach (var (boot, round) in Enumerable.Range(0, request.Boots).SelectMany(r => plan.Row.Boots.Select(b => (b, r))))
            {
                current = ForBoot(template, boot, scratch.Path, outcomes.Count, counter, request.Seed + round) with { Disk = Disk(plan.Row.DiskMegabytes, scratch.Path) };
                progress($"booting {request.Kernel.Release} for {Path.GetFileNameWithoutExtension(boot.Script)}{(request.Boots > 1 ? $", {round + 1} of {request.Boots}" : "")}");
                var left = deadline > DateTime.UtcNow ? deadline - DateTime.UtcNow : TimeSpan.Zero;
                var outcome = await VirtualMachine.BootAsync(current, log, line => Report(line, progress), left, ct);
                outcomes.Add((boot, outcome));
                if (current.Recording is { } recording)
                    File.Copy(recording, Path.Combine(request.EvidenceDir, Path.GetFileName(recording)), overwrite: true);
                var guest = GuestLog.Parse(outcome.Console);
                if (!guest.Booted && !KernelReportPatterns.Find(outcome.Console).Any() && !outcome.TimedOut)
                    throw new LabException($"the guest never reached its init: see {Path.Combine(request.EvidenceDir, "console.log")}");
                if (Verdict.Judge([(boot, outcome)]) is { Ok: false })
                {
                    failed = current;
                    break; // the next boot would only hide the first trouble
                }
            }
        }
        catch (LabException)
        {
            Evidence.KeepForRepro(request.EvidenceDir, initramfs, current);
            throw;
        }
        // A run that passed may yet differ from the other side.
        Evidence.KeepForRepro(request.EvidenceDir, initramfs, failed ?? current);
        var result = Verdict.Judge(outcomes.ToImmutable());
        var masks = Mask.Load(request.Workload, LabPlan.Canonical(request.Driver));
        File.WriteAllLines(Path.Combine(request.EvidenceDir, "transcript.txt"), TranscriptDiff.Apply(result.Transcript, masks));
        return result;
    }

    internal static VmOptions Options(LabPlan plan, string initramfs, int? iperfPort)
    {
        var request = plan.Request;
        var environment = plan.Environment.ToBuilder();
        environment["LAB_DRIVER"] = LabPlan.Canonical(request.Driver);
        environment["LAB_MODE"] = request.Mode == LabMode.Micro ? "micro" : "native";
        environment["LAB_SECONDS"] = request.Seconds.ToString(CultureInfo.InvariantCulture);
        environment["LAB_PAIRS"] = request.Pairs.ToString(CultureInfo.InvariantCulture);
        if (plan.Helpers.Length > 0)
            environment["LAB_HELPERS"] = string.Join(',', plan.Helpers);
        if (plan.Quirk.Length > 0)
            environment["LAB_QUIRK"] = string.Join(',', plan.Quirk);
        if (iperfPort is { } port)
            environment["LAB_IPERF_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        return new VmOptions(
            request.Kernel.Image, initramfs, plan.Device, environment.ToImmutable(), request.Kernel.Checking,
            QmpSocket: null, Disk: null, request.QemuArgs, DiskMegabytes: plan.Row.DiskMegabytes);
    }

    /// <summary>Each boot has an empty one.</summary>
    private static string? Disk(int megabytes, string scratch)
    {
        if (megabytes == 0)
            return null;
        var file = Path.Combine(scratch, "disk.img");
        using var disk = File.Create(file);
        disk.SetLength((long)megabytes << 20);
        return file;
    }

    private static async Task<InstructionCounter> CounterAsync(string labFolder, string scratch, CancellationToken ct)
    {
        var answer = Path.Combine(scratch, "insns");
        await Subprocess.RunAsync("mkfifo", [answer + ".in", answer + ".out"], ct);
        return new(await GuestTools.PluginAsync(labFolder, "insns", ct), answer);
    }

    internal static VmOptions ForBoot(VmOptions template, BootRow boot, string scratch, int number, InstructionCounter? counter, int seed) => template with
    {
        QmpSocket = Path.Combine(scratch, $"qmp{number}"),
        Recording = boot.Record ? Path.Combine(scratch, $"{Path.GetFileNameWithoutExtension(boot.Script)}-{number}.wav") : null,
        Append = boot.Append,
        Counter = boot.CountInstructions ? counter : null,
        SteadyClock = boot.SteadyClock,
        GuestEnvironment = template.GuestEnvironment.SetItem("LAB_SCRIPT", Path.GetFileName(boot.Script))
            .SetItem("LAB_SEED", seed.ToString(CultureInfo.InvariantCulture)),
    };

    private static void Report(string line, Action<string> progress)
    {
        var text = ConsoleLine.Text(line);
        if (text.StartsWith("@@S ", StringComparison.Ordinal))
            progress("  " + text[4..]);
        else if (KernelReportPatterns.IsReport(text))
            progress("  kernel: " + text);
    }
}
