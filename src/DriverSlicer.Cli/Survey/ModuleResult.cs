// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis;

namespace DriverSlicer.Cli.Survey;

/// <summary>What the survey counts of one module; the unit of the cache and of what workers send.</summary>
/// <param name="Module">Path in the kernel tree.</param>
public sealed record ModuleResult(string Module, int Files)
{
    public ImmutableArray<FailedFile> Failed { get; init; } = [];

    public Amount All { get; init; }

    /// <summary>What contexts and locks alone would let leave the kernel.</summary>
    public Amount Free { get; init; }

    /// <summary>What leaves it.</summary>
    public Amount User { get; init; }

    /// <summary>Kept in the kernel half when only contexts and locks are asked.</summary>
    public ImmutableSortedDictionary<KeptBy, Amount> Kept { get; init; } = ImmutableSortedDictionary<KeptBy, Amount>.Empty;

    /// <summary>By diagnostic: functions that a construct keeps.</summary>
    public ImmutableSortedDictionary<string, Amount> Pins { get; init; } = Empty;

    /// <summary>Places without a rule, with the functions entered there.</summary>
    public ImmutableSortedDictionary<string, int> UnknownRoots { get; init; } = ImmutableSortedDictionary<string, int>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Functions that the driver calls and does not have, with the number of calls.</summary>
    public ImmutableSortedDictionary<string, int> Api { get; init; } = ImmutableSortedDictionary<string, int>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Files besides its own C files on which the answer depends, with their hashes.</summary>
    public ImmutableSortedDictionary<string, string> Headers { get; init; } = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Processor time of the worker.</summary>
    public double CpuSeconds { get; init; }

    private static ImmutableSortedDictionary<string, Amount> Empty { get; } = ImmutableSortedDictionary<string, Amount>.Empty.WithComparers(StringComparer.Ordinal);
}
