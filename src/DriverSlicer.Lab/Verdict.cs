// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;

namespace DriverSlicer.Lab;

/// <summary>Boots to one result: pure.</summary>
internal static class Verdict
{
    public static LabResult Judge(ImmutableArray<(BootRow Row, BootOutcome Outcome)> boots)
    {
        var transcript = ImmutableArray.CreateBuilder<string>();
        var metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        var reports = ImmutableArray.CreateBuilder<string>();
        var failures = new List<string>();
        foreach (var (row, outcome) in boots)
        {
            var log = GuestLog.Parse(outcome.Console);
            var name = Path.GetFileNameWithoutExtension(row.Script);
            if (!row.MicroOnly)
            {
                transcript.Add($"== boot {name}");
                transcript.AddRange(log.Transcript);
                if (!outcome.Heard.IsDefault)
                    transcript.AddRange(outcome.Heard.Prepend("== heard"));
                transcript.Add($"== end {name}: {End(log, outcome)}");
            }
            foreach (var (key, value) in log.Metrics)
                metrics[key] = metrics.TryGetValue(key, out var earlier) ? Merged(key, earlier, value) : value;
            if (row.End == GuestEnd.Watchdog)
                metrics["expiry_reset"] = outcome.WatchdogFired ? 1 : 0;
            if (row.End == GuestEnd.Panic)
                metrics["panics_reported"] = metrics.GetValueOrDefault("panics_reported") + (outcome.Panicked ? 1 : 0);
            var complaints = KernelReportPatterns.Find(outcome.Console);
            // The panic that the script asks for is none of the kernel's.
            if (row.End == GuestEnd.Panic)
                complaints = complaints.RemoveAll(c => c == KernelReportPatterns.AskedPanic);
            reports.AddRange(complaints);
            if (Failure(row, log, outcome) is { } failure)
                failures.Add($"{name}: {failure}");
            if (complaints.Length > 0)
                failures.Add($"{name}: the kernel reported: {complaints[0]}");
        }
        var console = string.Join('\n', boots.SelectMany(b => b.Outcome.Console)) + "\n";
        return new LabResult(
            failures.Count == 0, transcript.ToImmutable(), metrics.ToImmutable(), reports.ToImmutable(), console,
            failures.Count == 0 ? null : string.Join("; ", failures));
    }

    /// <summary>What several boots measured: totals add up, the longest counts, of anything else the first boot's value stands.</summary>
    private static double Merged(string key, double earlier, double later) =>
        key.StartsWith("total_", StringComparison.Ordinal) ? earlier + later
        : key.StartsWith("longest_", StringComparison.Ordinal) ? Math.Max(earlier, later)
        : earlier;

    public static string? Failure(BootRow row, GuestLog log, BootOutcome outcome)
    {
        var where = log.LastStep is null ? "before its first step" : $"in step '{log.LastStep}'";
        if (outcome.TimedOut)
            return $"the guest did not finish in time ({where})";
        if (row.End == GuestEnd.Watchdog)
            return outcome.WatchdogFired ? null : $"the watchdog did not reset the guest ({End(log, outcome)})";
        if (row.End == GuestEnd.Panic)
        {
            return !outcome.Panicked ? $"QEMU was told of no panic ({End(log, outcome)})"
                : log.ExitCode is not null || log.Failures > 0 ? "the workload failed before the panic"
                : null;
        }
        if (outcome.WatchdogFired)
            return $"the watchdog reset the guest {where}";
        if (log.ExitCode is not { } code)
            return $"the guest {(outcome.Reset ? "panicked or reset" : "ended")} {where}";
        if (code != 0)
            return $"the workload failed (exit code {code.ToString(CultureInfo.InvariantCulture)})";
        return outcome.PoweredOff ? null : "the guest did not power off after the workload";
    }

    private static string End(GuestLog log, BootOutcome outcome) =>
        outcome.TimedOut ? "time limit"
        : outcome.WatchdogFired ? "reset by the watchdog"
        : outcome.Panicked ? "QEMU was told of a panic"
        : outcome.Reset ? "reset"
        : log.ExitCode is { } code ? $"exit code {code.ToString(CultureInfo.InvariantCulture)}"
        : "no exit code";
}
