// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Report;

/// <summary>What <c>run --json</c> wrote, with the words that people know the figures by. What was not measured is absent.</summary>
public sealed record Measurements(string Kernel, string Workload, ImmutableArray<Measurement> Sides, ImmutableArray<MeasuredRatio> Ratios);

/// <summary>One figure on both sides; null on the side that does not have it.</summary>
public sealed record Measurement(string Key, string Words, double? Native, double? Microdriver);

/// <summary>Microdriver divided by native, taken in turn in one boot: median with the bounds of its 95% interval.</summary>
public sealed record MeasuredRatio(string Key, string Words, double Median, double Lower, double Upper, int Pairs);
