// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Analysis;

/// <summary>Why a function is where it is, as text for a person.</summary>
public static class Explain
{
    /// <param name="name">Name or id of a function; all functions of that name are explained.</param>
    public static ImmutableArray<string> For(string name, PlacementResult placement, CallGraph graph) =>
        For(name, placement.Functions, placement.Locks, graph);

    public static ImmutableArray<string> For(string name, SlicePlan plan, CallGraph graph) => For(name, plan.Functions, plan.Locks, graph);

    /// <summary>What would have to change to move a function out of the kernel half; null for one that is out.</summary>
    public static string? ToMove(Placed placed) => placed.Half == Half.Kernel ? Reasons.Change(placed) : null;

    /// <summary>Why lines stay, the same for all that stay for the same thing.</summary>
    /// <param name="reason">of <see cref="Placed.Reason"/></param>
    public static string Cause(string reason) => Reasons.Cause(reason);

    private static ImmutableArray<string> For(string name, ImmutableArray<Placed> functions, ImmutableArray<LockAnswer> locks, CallGraph graph) =>
        [.. functions.Where(p => p.Name == name || p.Function == name).SelectMany(p => Lines(p, functions, locks, graph))];

    private static IEnumerable<string> Lines(Placed placed, ImmutableArray<Placed> all, ImmutableArray<LockAnswer> locks, CallGraph graph)
    {
        var function = graph.Function(placed.Function)!;
        yield return $"{placed.Name} ({function.Location}): {placed.Half.ToString().ToLowerInvariant()} half";
        yield return $"  reason:   {placed.Reason}";
        if (placed.DecidedAt.Line > 0)
            yield return $"  decided:  {placed.DecidedAt}";
        if (placed.Path.Length > 1)
            yield return $"  path:     {string.Join(" -> ", placed.Path)}";
        yield return $"  contexts: {Contexts.Words(placed.Contexts)}";
        foreach (var answer in locks.Where(l => l.Takers.Contains(placed.Name)))
            yield return $"  lock:     {answer.Name}: {answer.Answer.ToString().ToLowerInvariant()}, {answer.Reason}";
        foreach (var line in Callers(placed, all, graph))
            yield return line;
        if (ToMove(placed) is { } change)
            yield return $"  to move:  {change}";
    }

    private static IEnumerable<string> Callers(Placed placed, ImmutableArray<Placed> all, CallGraph graph)
    {
        var halves = all.ToDictionary(p => p.Function, p => p.Half);
        var callers = graph.In(placed.Function).Select(e => e.Caller)
            .Where(c => halves.ContainsKey(c.Id)).DistinctBy(c => c.Id).OrderBy(c => c.Name, StringComparer.Ordinal)
            .Select(c => $"{c.Name} ({halves[c.Id].ToString().ToLowerInvariant()})").ToArray();
        if (callers.Length > 0)
            yield return $"  callers:  {string.Join(", ", callers)}";
    }
}
