// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Cases;

/// <summary>Specifications from which some entries are taken, the same for the same seed.</summary>
internal static class FewerRules
{
    /// <summary>Half of what is said of entry points, functions, NULL and pairs. What is said of locks stays: which functions those are nothing else tells.</summary>
    public static KernelSpecs Of(KernelSpecs specs, int seed)
    {
        var random = new Random(seed);
        ImmutableArray<T> Some<T>(IEnumerable<T> all) => [.. all.Where(_ => random.Next(2) == 0)];
        var locks = specs.Locks.Select(l => l.Function).ToHashSet();
        return specs with
        {
            Entries = Some(specs.Entries),
            Functions = [.. specs.Functions.Where(f => locks.Contains(f.Name)), .. Some(specs.Functions.Where(f => !locks.Contains(f.Name)))],
            Pairs = Some(specs.Pairs),
            Null = [.. Some(specs.Null.Order())],
        };
    }
}
