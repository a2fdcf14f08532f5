// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// Entries that may not sleep, but return nothing and are awaited by nobody: the kernel half notes them, and they run as upcalls later.
/// The specification must say what stands for the exclusion that the caller gave them; the function must have no other way in from the
/// kernel half, since all of those would be put off too.
/// </summary>
internal sealed class DeferredRoots
{
    private readonly CallGraph graph;
    private readonly ImmutableArray<Root> roots;
    private readonly Dictionary<string, DeferRule> rules = [];
    private readonly SortedDictionary<string, (Root Root, string Why)> refused = new(StringComparer.Ordinal);

    private DeferredRoots(CallGraph graph, ImmutableArray<Root> roots)
    {
        this.graph = graph;
        this.roots = roots;
    }

    public static DeferredRoots Of(CallGraph graph, ImmutableArray<Root> roots, ContendedActions actions, SliceAbilities abilities)
    {
        var result = new DeferredRoots(graph, roots);
        foreach (var mine in roots.Where(r => abilities.Deferral && IsDeferrable(r)).GroupBy(r => r.Function.Id))
        {
            var root = mine.First();
            if (result.Obstacle(root, actions, abilities) is { } why)
                result.refused[root.Function.Id] = (root, why);
            else
                result.rules[root.Function.Id] = root.Rule!.Defer!;
        }

        return result;
    }

    public static bool IsDeferrable(Root root) => root.Rule is { Deferrable: true, Hot: false } rule && rule.Context != ExecContext.Process;

    public bool Contains(string function) => rules.ContainsKey(function);

    public DeferRule? RuleOf(string function) => rules.GetValueOrDefault(function);

    /// <summary>Those that could be deferred but for something, by function.</summary>
    public IEnumerable<(Root Root, string Why)> Refused => refused.Values;

    /// <summary>Functions that are contended while some deferred entry of the user half runs.</summary>
    public ImmutableHashSet<string> Excluded(KernelHalf kernel)
    {
        var keys = rules.Where(r => !kernel.Contains(r.Key)).SelectMany(r => r.Value.Excludes).ToHashSet();
        return [.. roots.Where(r => keys.Contains(r.Key)).Select(r => r.Function.Id)];
    }

    /// <summary>
    /// Takes deferred functions into the kernel half that cannot be put off after all, now that it has grown. One that is there already, for a
    /// construct or a lock, does not run in process context, so all that it reaches must be there too. True if there were any.
    /// </summary>
    public bool PullIn(KernelHalf kernel, GateView gate)
    {
        var grew = false;
        foreach (var (id, rule) in rules.OrderBy(r => r.Key, StringComparer.Ordinal).ToArray())
        {
            var root = roots.First(r => r.Function.Id == id);
            var why = kernel.Why(id) is { } kept ? $"it stays for something else: {kept.Reason}"
                : graph.PossibleIn(id).FirstOrDefault(e => kernel.Contains(e.Caller.Id)) is { } call
                ? $"{call.Caller.Name} calls it in the kernel half ({call.Fact.Location})"
                : rule.Excludes.IsEmpty ? null : gate.Ending();
            if (why is null)
                continue;
            rules.Remove(id);
            refused[id] = (root, why);
            grew |= kernel.CloseOver([(root.Function, new Decision(Reasons.OfRoot(root, why), [root.Function.Name], root.Location), Reasons.OfReached(root))]);
        }

        return grew;
    }

    private string? Obstacle(Root root, ContendedActions actions, SliceAbilities abilities)
    {
        var function = root.Function;
        if (root.Rule!.Defer is not { } rule)
            return "its rule does not say what stands for its caller's lock";
        if (function.Origin != FunctionOrigin.Driver || function.Body is null || function.Result.Kind != CKind.Void)
            return "it returns something, or has no text of its own";
        if (roots.FirstOrDefault(r => r.Function.Id == function.Id && !(IsDeferrable(r) && Same(r.Rule!.Defer, rule))) is { } other)
            return $"it is entered as {other.Key} as well";
        if (rule.Excludes.IsEmpty)
            return null;
        if (!abilities.Gate)
            return "the gate that would exclude others is switched off";
        foreach (var excluded in roots.Where(r => rule.Excludes.Contains(r.Key)))
        {
            if (excluded.Rule is not { } its || IsDeferrable(excluded) || (its.Context == ExecContext.Process && !its.Hot))
                return $"it excludes {excluded.Function.Name}, which is not in the kernel half";
            if (actions.Obstacle(excluded.Function) is { } why)
                return $"it excludes {excluded.Function.Name}: {why}";
        }

        return null;
    }

    private static bool Same(DeferRule? a, DeferRule b) => a is not null && a.Hold == b.Hold && a.Unhold == b.Unhold && a.Excludes.SequenceEqual(b.Excludes);
}
