// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Analysis;

/// <summary>
/// Which half each function lives in.
///
/// 1. Roots that are hot, or that the kernel enters where it cannot sleep, stay with all that they reach.
/// 2. Functions with a construct that cannot move stay; what they call may move.
/// 3. Macro-generated functions and those that no root reaches stay.
/// 4. Until nothing changes: what a kernel-half function calls with a spinlock held stays with all that it reaches, and a user-half
///    function whose lock has no answer stays; a deferred root that the kernel half calls stays. The kernel half only grows, so this ends.
///
/// Everything else is the user half.
/// </summary>
public static class Placement
{
    public static PlacementResult Choose(CallGraph graph, KernelSpecs specs, SliceAbilities abilities, ImmutableDictionary<string, Pin> pins)
    {
        var roots = Roots.Of(graph, specs);
        var regions = LockRegions.Of(graph, specs);
        var contexts = Contexts.Of(graph, roots, regions);
        var kernel = new KernelHalf(graph);
        var actions = new ContendedActions(graph, specs, roots);
        var deferred = DeferredRoots.Of(graph, roots, actions, abilities);
        var gate = new GateView(graph, specs, roots, regions, kernel, actions);
        var judge = new LockJudge(graph, regions, new LockReach(graph, regions), gate, kernel, abilities, specs.Choices);
        var own = graph.Model.Functions.Where(f => f.Origin is FunctionOrigin.Driver or FunctionOrigin.Macro).ToImmutableArray();

        kernel.CloseOver(
            from root in roots
            where RootRules.MustStay(root, deferred)
            // What is known is a better reason than what must be assumed.
            orderby root.Rule is null
            select (root.Function, new Decision(RootRules.Reason(root, deferred, abilities), [root.Function.Name], root.Location), Reasons.OfReached(root)));

        // Somebody finds these where no analysis follows them, and calls them in whatever context.
        var named = graph.AddressTaken.Except(graph.Stored.Select(s => s.Function));
        kernel.CloseOver(own.Where(f => named.Contains(f.Id) && !contexts.ContainsKey(f.Id))
            .Select(f => (f, new Decision(Reasons.OfUnreached, [f.Name], f.Location), Reasons.OfReachedFromUnreached(f))));
        foreach (var function in own)
            KeepForItself(kernel, function, pins, contexts);
        var lockPins = LockPins.Settle(graph, regions, judge, kernel, own, () => deferred.PullIn(kernel, gate));

        var userPaths = UserPaths.Of(graph, roots, deferred, kernel);
        var locks = LockAnswers.Of(own, regions, judge, kernel, lockPins);
        return new PlacementResult(
            [.. own.Select(f => Place(f, kernel, contexts.GetValueOrDefault(f.Id), userPaths, regions, judge))], locks,
            PlacementDiagnostics.Of(roots, own, deferred, abilities, kernel, lockPins, specs.Entries))
        {
            Gate = GatePlan.Of(own, graph.Model.Functions.Where(f => f.Origin == FunctionOrigin.HeaderInline), gate, actions, deferred, kernel, locks,
                YieldingEntry.Of(roots, gate, actions, kernel, abilities)),
            Outlines =
            [
                .. own.Where(f => !kernel.Contains(f.Id)).SelectMany(f => regions.In(f.Id)).Where(r => judge.Judge(r).Choice == LockChoice.Outline),
            ],
        };
    }

    private static void KeepForItself(
        KernelHalf kernel, Function function, ImmutableDictionary<string, Pin> pins, IReadOnlyDictionary<string, ExecContext> contexts)
    {
        if (function.Origin == FunctionOrigin.Macro || function.Body is null)
            kernel.Keep(function, new Decision(Reasons.OfMacro(function), [function.Name], function.Location));
        else if (pins.TryGetValue(function.Id, out var pin))
            kernel.Keep(function, new Decision(pin.Reason, [function.Name], pin.Location));
        else if (!contexts.ContainsKey(function.Id))
            kernel.Keep(function, new Decision(Reasons.OfUnreached, [function.Name], function.Location));
    }

    private static Placed Place(
        Function function, KernelHalf kernel, ExecContext contexts, IReadOnlyDictionary<string, Decision> userPaths, LockRegions regions, LockJudge judge)
    {
        if (kernel.Why(function.Id) is { } stays)
            return new Placed(function.Id, function.Name, Half.Kernel, contexts, stays.Reason, stays.Path, stays.At);
        var moves = userPaths[function.Id];
        var locks = string.Concat(regions.In(function.Id).DistinctBy(r => r.Lock.Text)
            .Select(r => (r.Lock.Text, Verdict: judge.Judge(r)))
            .Where(l => l.Verdict.Choice != LockChoice.Local)
            .Select(l => $"; {l.Text}: {l.Verdict.Choice.ToString().ToLowerInvariant()}"));
        return new Placed(function.Id, function.Name, Half.User, contexts, moves.Reason + locks, moves.Path, moves.At);
    }
}
