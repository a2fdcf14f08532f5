// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// Where each function holds which lock. Facts have source order but no control flow, so a region lasts from an acquire to the last
/// release before the next acquire of the same lock:
///
///     lock; if (bad) { unlock; return; } work; unlock;         held up to the second unlock
///     lock; a; unlock; b; lock; c; unlock;                     b is outside
///
/// That is never too short, since a lock is not taken twice; it is too long after <c>unlock; b; return; out: unlock</c>.
/// A function that leaves a lock held, or gives one back that its caller took, passes that on to its callers.
/// </summary>
public sealed class LockRegions
{
    private readonly CallGraph graph;
    private readonly LockNames names;
    private readonly Dictionary<string, LockRule> rules;
    private readonly Dictionary<string, Summary> summaries = [];
    private readonly HashSet<string> active = [];

    private LockRegions(CallGraph graph, KernelSpecs specs)
    {
        this.graph = graph;
        rules = specs.Locks.ToDictionary(l => l.Function);
        names = new LockNames(graph, rules);
        foreach (var function in graph.Model.Functions)
            Summarize(function);
    }

    /// <summary>Addresses of the locks by value in a variable of that type.</summary>
    public IEnumerable<Node> InsideOf(CType type) => names.InsideOf(type);

    public bool IsLock(string record) => names.IsLock(record);

    /// <summary>Spinlocks that it tries to take, itself or in a function that leaves them held.</summary>
    public IEnumerable<LockName> TriedIn(Function function) =>
        Events(function).Where(e => e.Rule is { Step: LockStep.TryAcquire, AtomicWhileHeld: true }).Select(e => e.Lock);

    private sealed record Event(int Index, LockName Lock, LockRule Rule, bool Acquires, Location Location);

    private sealed record Summary(ImmutableArray<HeldRegion> Regions, ImmutableArray<Event> Effects);

    public static LockRegions Of(CallGraph graph, KernelSpecs specs) => new(graph, specs);

    /// <summary>In order of their start.</summary>
    public ImmutableArray<HeldRegion> In(string functionId) => summaries.TryGetValue(functionId, out var s) ? s.Regions : [];

    /// <summary>It releases a spinlock that its caller took, if only to take it again.</summary>
    public bool GivesBack(string functionId) =>
        summaries.TryGetValue(functionId, out var s) && s.Effects.Any(e => !e.Acquires && e.Rule.AtomicWhileHeld);

    /// <summary>Its callers hold a lock, or hold one no longer, when it returns.</summary>
    public bool IsUnbalanced(string functionId) => summaries.TryGetValue(functionId, out var s) && !s.Effects.IsEmpty;

    public LockRule? RuleOf(Function function) => rules.GetValueOrDefault(function.Name);

    private Summary Summarize(Function function)
    {
        if (summaries.TryGetValue(function.Id, out var known))
            return known;
        if (rules.ContainsKey(function.Name) || function.Facts.IsEmpty || !active.Add(function.Id))
            return new Summary([], []);
        var events = Events(function).ToArray();
        var regions = ImmutableArray.CreateBuilder<HeldRegion>();
        var effects = ImmutableArray.CreateBuilder<Event>();
        foreach (var one in events.GroupBy(e => e.Lock.Text).OrderBy(g => g.Key, StringComparer.Ordinal))
            Pair(function, [.. one], regions, effects);
        regions.Sort((a, b) => (a.Start, a.Lock.Text).CompareTo((b.Start, b.Lock.Text)));
        active.Remove(function.Id);
        return summaries[function.Id] = new Summary(regions.ToImmutable(), effects.ToImmutable());
    }

    private IEnumerable<Event> Events(Function function)
    {
        for (var i = 0; i < function.Facts.Length; i++)
        {
            if (function.Facts[i] is not Call { Callee: { } id } call || graph.Function(id) is not { } callee)
                continue;
            if (rules.TryGetValue(callee.Name, out var rule))
            {
                foreach (var name in names.Of(call, rule))
                    yield return new Event(i, name, rule, rule.Step != LockStep.Release, call.Location);
            }
            else
            {
                foreach (var effect in Summarize(callee).Effects)
                    yield return effect with { Index = i, Location = call.Location };
            }
        }
    }

    private static void Pair(
        Function function, Event[] events, ImmutableArray<HeldRegion>.Builder regions, ImmutableArray<Event>.Builder effects)
    {
        Event? taken = null;
        Event? released = null;
        foreach (var one in events)
        {
            if (one.Acquires)
            {
                if (taken is not null && released is null)
                    continue;
                Close();
                taken = one;
            }
            else if (taken is not null)
                released = one;
            else
                effects.Add(one);
        }

        Close();

        void Close()
        {
            if (taken is null)
                return;
            regions.Add(new HeldRegion(function, taken.Lock, taken.Rule, taken.Index, released?.Index ?? function.Facts.Length, taken.Location));
            if (released is null)
                effects.Add(taken);
            (taken, released) = (null, null);
        }
    }
}
