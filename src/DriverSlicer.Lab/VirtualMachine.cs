// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Lab;

/// <summary>How a boot ended and what was seen of it.</summary>
/// <param name="TimedOut">the lab ended it</param>
/// <param name="Events">see <see cref="QemuMonitor.CollectAsync"/></param>
internal sealed record BootOutcome(ImmutableArray<string> Console, ImmutableArray<string> Events, bool TimedOut)
{
    /// <summary>What a sound card played, see <see cref="Recording"/>; default if nobody listened.</summary>
    public ImmutableArray<string> Heard { get; init; }

    public bool WatchdogFired => Events.Contains("WATCHDOG") && Events.Contains("SHUTDOWN guest-reset");

    /// <summary>The guest said that it panics, through the card for that.</summary>
    public bool Panicked => Events.Contains("GUEST_PANICKED");

    public bool PoweredOff => Events.Contains("SHUTDOWN guest-shutdown");

    public bool Reset => Events.Contains("SHUTDOWN guest-reset");
}

/// <summary>Runs one QEMU from start to end.</summary>
internal static class VirtualMachine
{
    /// <summary>A guest that misbehaves is an outcome; a QEMU that cannot be started or fails is a <see cref="LabException"/>.</summary>
    public static async Task<BootOutcome> BootAsync(
        VmOptions options, TextWriter consoleLog, Action<string> onLine, TimeSpan limit, CancellationToken ct)
    {
        using var monitor = new QemuMonitor(options.QmpSocket!);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(limit);
        using var qemu = Subprocess.Start(QemuArguments.Program, QemuArguments.Build(options), redirectInput: true);
        await using var stop = deadline.Token.Register(() => Subprocess.Kill(qemu));
        using var eventsEnd = new CancellationTokenSource();
        var eventsTask = monitor.CollectAsync(eventsEnd.Token);
        var errors = qemu.StandardError.ReadToEndAsync(CancellationToken.None);

        var console = ImmutableArray.CreateBuilder<string>();
        var answers = new List<Task>();
        while (await qemu.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            line = line.TrimEnd('\r');
            console.Add(line);
            consoleLog.WriteLine(line);
            onLine(line);
            // Not awaited: QEMU could be waiting for a reader of its console before it carries out the command.
            if (ConsoleLine.Command(line) is { } command)
                answers.Add(AnswerAsync(monitor, command, qemu.StandardInput));
        }
        await qemu.WaitForExitAsync(CancellationToken.None);
        ct.ThrowIfCancellationRequested();

        var timedOut = deadline.IsCancellationRequested;
        if (console.Count == 0 && !timedOut)
            await eventsEnd.CancelAsync(); // it may never have connected
        var seen = await eventsTask;
        await Task.WhenAll(answers);
        if (!timedOut && qemu.ExitCode != 0)
        {
            var said = (await errors).Trim();
            throw said.Contains("is not a valid device model name", StringComparison.Ordinal)
                ? new LabUsageException($"QEMU has no such device ({said.Split('\n')[^1]}); {QemuArguments.Program} -device help lists them")
                : new LabException($"{QemuArguments.Program}: exit code {qemu.ExitCode}\n{said}");
        }

        return new BootOutcome(console.ToImmutable(), [.. seen], timedOut) { Heard = options.Recording is { } file ? Recording.Describe(file) : default };
    }

    private static async Task AnswerAsync(QemuMonitor monitor, string command, StreamWriter console)
    {
        try
        {
            foreach (var line in await monitor.ExecuteAsync(command))
                await console.WriteAsync(line + "\n");
            await console.FlushAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // QEMU ended first.
        }
    }
}
