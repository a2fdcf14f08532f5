// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace DriverSlicer.Cli.Running;

/// <summary>
/// The measurements that mean something to a newcomer, in words. The JSON has them all under their own keys; a workload's metric that
/// is not listed here is shown under its key, the runtime's own counters are not.
/// </summary>
public static partial class MetricRows
{
    private static readonly (string Key, string Words)[] Known =
    [
        ("init_ms", "loading the module, ms"),
        ("send_mbps", "sending, Mbit/s"),
        ("recv_mbps", "receiving, Mbit/s"),
        ("cpu_pct", "processor time of the guest, %"),
        ("start_ms", "loading and setting up the interface, ms"),
        ("round_trip_ms", "round trip over the wire, ms"),
        ("insns_per_packet_sent", "guest instructions per packet sent"),
        ("insns_per_packet_received", "guest instructions per packet received"),
        ("insns_per_packet_kernel_sent", "  of these in the kernel, sending"),
        ("insns_per_packet_kernel_received", "  of these in the kernel, receiving"),
        ("upcalls_at_init", "calls into the user process while loading"),
        ("downcalls_at_init", "calls back into the kernel while loading"),
        ("upcalls_during_load", "calls into the user process under load"),
        ("downcalls_during_load", "calls back into the kernel under load"),
        ("expiry_reset", "expiry resets the machine"),
        ("panics_reported", "panics of which QEMU was told"),
        ("upcalls", "calls into the user process"),
        ("downcalls", "calls back into the kernel"),
        ("kills", "times the user process was killed"),
        ("kills_while_sending", "  of these, while the card was sending"),
        ("kills_while_receiving", "  of these, while it was receiving"),
        ("kills_in_calls", "processes that died within a call"),
        ("longest_stall_ms", "longest time without an answer, ms"),
        ("served_after_kill", "next request served by a fresh process"),
        ("recovered", "times the device came back by itself"),
        ("passed_over", "  releases that the dead process had made"),
        ("longest_recovery_ms", "  longest such recovery, ms"),
        ("gate_closes", "times the user half held the driver's lock"),
        ("deferred", "calls put off into process context"),
        ("pipe_us", "round trip through a pipe, us"),
        ("eventfd_us", "  through an eventfd, us"),
        ("futex_us", "  by a futex, us"),
        ("upcall_null_us", "call into the process that carries nothing, us"),
        ("upcall_null_to_pipe", "  against a pipe"),
        ("upcall_small_us", "  with 32 bytes both ways, us"),
        ("upcall_large_us", "  with 4096 bytes both ways, us"),
        ("upcall_nested_us", "  with another within it, us"),
        ("upcall_per_word_us", "  for each word that travels, us"),
        ("downcall_us", "call back into the kernel, us"),
        ("process_kb", "memory of the process, kB"),
        ("total_gate_closes", "times the gate was closed under traffic"),
        ("total_operations", "management operations under traffic"),
    ];

    private static readonly ImmutableSortedDictionary<string, string> Ratios = new Dictionary<string, string>
    {
        ["send"] = "sending, microdriver against native",
        ["recv"] = "receiving, microdriver against native",
        ["cpu"] = "processor time of the guest, microdriver against native",
        ["start"] = "loading and setting up, microdriver against native",
        ["round_trip"] = "round trip over the wire, microdriver against native",
        ["insns_kernel_sent"] = "  the same in the kernel only, sending",
        ["insns_kernel_received"] = "  the same in the kernel only, receiving",
        ["insns_sent"] = "instructions per packet sent, against native",
        ["insns_received"] = "instructions per packet received, against native",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static string Ratio(string name) => Ratios.GetValueOrDefault(name, name);

    private static readonly ImmutableHashSet<string> Counters =
        ["bytes_in", "bytes_out", "failures", "mirror_pages", "objects", "deferred_coalesced", "deferred_dropped", "gate_waits", "poison_bytes_in", "poison_bytes_touched", "poison_upcalls", "refused", "restarts", "shipped", "stray_writes", "threads"];

    /// <summary>What happened to entries that met a closed gate, by action: a row only where it happened.</summary>
    private const string Contended = "contended.";

    public static IEnumerable<string[]> Of(ImmutableSortedDictionary<string, double>? native, ImmutableSortedDictionary<string, double>? micro)
    {
        foreach (var (key, words) in Known)
        {
            if (Has(native, key) || Has(micro, key))
                yield return [words, Text(native, key), Text(micro, key)];
        }

        if (RoundTrip(micro) is { } trip)
        {
            yield return ["round trip of one request, us", Number(RoundTrip(native)?.Request), Number(trip.Request)];
            yield return ["  against a pipe between two processes", Ratio(RoundTrip(native)), Ratio(trip)];
        }

        foreach (var key in (native?.Keys ?? []).Concat(micro?.Keys ?? []).Distinct().Order(StringComparer.Ordinal))
        {
            if (key.StartsWith(Contended, StringComparison.Ordinal))
            {
                if (micro?.GetValueOrDefault(key) is > 0)
                    yield return [$"  entries that met it, {key[Contended.Length..]}", Text(native, key), Text(micro, key)];
            }
            else if (!Known.Any(k => k.Key == key) && !IsInternal(key))
                yield return [key, Text(native, key), Text(micro, key)];
        }
    }

    /// <summary>Those of <paramref name="keys"/> that <see cref="Of"/> would show by themselves, in its order and words.</summary>
    public static IEnumerable<(string Key, string Words)> Shown(IEnumerable<string> keys)
    {
        var all = keys.Distinct().Order(StringComparer.Ordinal).ToArray();
        return Known.Where(k => all.Contains(k.Key)).Select(k => (k.Key, k.Words.Trim())).Concat(all
            .Where(k => !Known.Any(n => n.Key == k) && !IsInternal(k) && !k.StartsWith(Contended, StringComparison.Ordinal)).Select(k => (k, k)));
    }

    private static bool IsInternal(string key) =>
        Counters.Contains(key) || key.StartsWith("entry.", StringComparison.Ordinal) || key.EndsWith("_us", StringComparison.Ordinal);

    /// <summary>Medians of the alternating pairs NAME_1_us, pipe_1_us, NAME_2_us, ...: both from one boot, so their ratio means something.</summary>
    public static (double Request, double Pipe)? RoundTrip(ImmutableSortedDictionary<string, double>? metrics)
    {
        if (metrics is null)
            return null;
        var pipe = metrics.Where(m => m.Key.StartsWith("pipe_", StringComparison.Ordinal)).Select(m => m.Value).Order().ToArray();
        var request = metrics.Where(m => Numbered().IsMatch(m.Key) && !m.Key.StartsWith("pipe_", StringComparison.Ordinal))
            .Select(m => m.Value).Order().ToArray();
        return pipe.Length == 0 || request.Length == 0 ? null : (request[request.Length / 2], pipe[pipe.Length / 2]);
    }

    [GeneratedRegex(@"_\d+_us$")]
    private static partial Regex Numbered();

    private static string Ratio((double Request, double Pipe)? trip) => trip is { } t ? Number(t.Request / t.Pipe) + "x" : "-";

    private static bool Has(ImmutableSortedDictionary<string, double>? metrics, string key) => metrics?.ContainsKey(key) ?? false;

    private static string Text(ImmutableSortedDictionary<string, double>? metrics, string key) =>
        metrics is not null && metrics.TryGetValue(key, out var value) ? Number(value) : "-";

    private static string Number(double? value) => value is { } v ? v.ToString(Math.Abs(v) < 100 ? "0.##" : "0", CultureInfo.InvariantCulture) : "-";
}
