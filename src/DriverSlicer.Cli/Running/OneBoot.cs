// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Lab;

namespace DriverSlicer.Cli.Running;

/// <summary>
/// A workload that measures both drivers in turn in one boot, since only then the numbers may be compared. Its metrics name their side:
/// <c>native.KEY</c> is the native driver's, <c>ratio.NAME.median</c> (and low, high, pairs) compares, any other is the microdriver's.
/// </summary>
/// <param name="Native">null if nothing was measured natively</param>
/// <param name="Micro">null if the boot had only the native driver</param>
public sealed record OneBoot(LabResult? Native, LabResult? Micro, ImmutableArray<Comparison> Ratios)
{
    private const string NativePrefix = "native.", RatioPrefix = "ratio.";

    /// <param name="microdriver">false: the boot compared the native driver with itself, which shows the noise</param>
    public static OneBoot Split(LabResult result, bool microdriver)
    {
        var native = result.Metrics.Where(m => m.Key.StartsWith(NativePrefix, StringComparison.Ordinal))
            .ToImmutableSortedDictionary(m => m.Key[NativePrefix.Length..], m => m.Value, StringComparer.Ordinal);
        var rest = result.Metrics.Where(m => !m.Key.StartsWith(NativePrefix, StringComparison.Ordinal) && !m.Key.StartsWith(RatioPrefix, StringComparison.Ordinal))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
        var names = result.Metrics.Keys.Where(k => k.StartsWith(RatioPrefix, StringComparison.Ordinal) && k.EndsWith(".median", StringComparison.Ordinal))
            .Select(k => k[RatioPrefix.Length..^".median".Length]);
        double Of(string name, string what) => result.Metrics[$"{RatioPrefix}{name}.{what}"];
        return new OneBoot(
            microdriver && native.IsEmpty ? null : result with { Metrics = native, Transcript = microdriver ? [] : result.Transcript, KernelReports = microdriver ? [] : result.KernelReports },
            microdriver ? result with { Metrics = rest } : null,
            [.. names.Select(n => new Comparison(n, (int)Of(n, "pairs"), Of(n, "median"), Of(n, "low"), Of(n, "high")))]);
    }
}
