// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Output;

/// <summary>
/// What constructs cost: contexts and locks alone would let <see cref="ContextLines"/> lines leave the kernel; the difference to what does leave is kept by
/// constructs that cannot be marshaled yet, counted by diagnostic.
/// </summary>
public sealed record Shortfall(int ContextLines, ImmutableArray<(string Id, int Functions)> Causes)
{
    public static Shortfall Of(Sliced sliced)
    {
        var free = Placement.Choose(sliced.Graph, sliced.Specs, sliced.Abilities, ImmutableDictionary<string, Pin>.Empty);
        var lines = free.Functions.Where(p => p.Half == Half.User).Sum(p => sliced.ById[p.Function].Lines);
        return new Shortfall(lines,
        [
            .. sliced.Plan.Diagnostics.Where(d => d.Id.StartsWith("DS05", StringComparison.Ordinal)).GroupBy(d => d.Id)
                .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.Count())),
        ]);
    }
}
