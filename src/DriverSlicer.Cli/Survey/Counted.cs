// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Cli.Survey;

/// <param name="Name">A diagnostic, a place without a rule, a kernel function, or what keeps functions.</param>
/// <param name="Count">Functions, or calls.</param>
/// <param name="Modules">How many have it.</param>
public sealed record Counted(string Name, int Count, int Lines, int Modules)
{
    /// <summary>Most frequent first.</summary>
    public static ImmutableArray<Counted> Sum(IEnumerable<Counted> parts) =>
    [
        .. parts.GroupBy(p => p.Name).Select(g => new Counted(g.Key, g.Sum(p => p.Count), g.Sum(p => p.Lines), g.Sum(p => p.Modules)))
            .OrderByDescending(c => c.Count).ThenBy(c => c.Name, StringComparer.Ordinal),
    ];
}
