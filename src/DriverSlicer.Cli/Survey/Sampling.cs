// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Cli.Caching;

namespace DriverSlicer.Cli.Survey;

/// <summary>A draw that depends on the seed and the names only: the same on every machine, and with more drawn the earlier ones stay.</summary>
public static class Sampling
{
    /// <param name="count">0 for all.</param>
    public static ImmutableArray<T> Draw<T>(ImmutableArray<T> all, Func<T, string> name, int count, int seed)
    {
        if (count == 0)
            return all;
        var drawn = all.OrderBy(x => Digest.OfText($"{seed} {name(x)}"), StringComparer.Ordinal).Take(count).Select(name).ToHashSet();
        return [.. all.Where(x => drawn.Contains(name(x)))];
    }
}
