// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// An entry of the kernel half that can be turned away while an upcall runs that writes what it writes. The driver has its own ways to
/// keep the two apart, most of them sound only as long as its code runs as fast as in the kernel.
/// </summary>
/// <param name="UnlessCalls">Kernel functions: an upcall that leads to one of them may wait for the entry.</param>
public sealed record YieldingEntry(Function Function, ContendedAction Action, ImmutableArray<string> UnlessCalls)
{
    /// <summary>Sorted by function id. None without a gate, nor where something is ended behind its back.</summary>
    internal static ImmutableArray<YieldingEntry> Of(
        ImmutableArray<Root> roots, GateView gate, ContendedActions actions, KernelHalf kernel, SliceAbilities abilities)
    {
        var able = roots.Where(r => r.Rule?.YieldsUnlessCalls is not null && kernel.Contains(r.Function.Id) && actions.Obstacle(r.Function) is null)
            .GroupBy(r => r.Function.Id).OrderBy(g => g.Key, StringComparer.Ordinal).ToArray();
        return able.Length == 0 || !abilities.Gate || gate.Ending() is not null ? [] :
        [
            .. able.Select(g => new YieldingEntry(
                g.First().Function, actions.Of(g.First().Function)!,
                [.. g.SelectMany(r => r.Rule?.YieldsUnlessCalls ?? []).Distinct().Order(StringComparer.Ordinal)])),
        ];
    }
}
