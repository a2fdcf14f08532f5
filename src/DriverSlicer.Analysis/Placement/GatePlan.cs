// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>What placement decided about the gate, once the halves are settled.</summary>
/// <param name="Entries">Sorted by function id.</param>
/// <param name="Deferred">Deferred functions of the user half by id.</param>
/// <param name="Yielding">Entries of the kernel half that can be turned away while an upcall writes what they write. Sorted by function id.</param>
/// <param name="Locking">Functions of the kernel half, and header inlines performed there, that lead to a gated lock.</param>
public sealed record GatePlan(
    ImmutableArray<GatedEntry> Entries, ImmutableArray<YieldingEntry> Yielding, ImmutableSortedDictionary<string, DeferRule> Deferred,
    ImmutableHashSet<string> Locking)
{
    public static readonly GatePlan None = new([], [], ImmutableSortedDictionary<string, DeferRule>.Empty, []);

    internal static GatePlan Of(
        ImmutableArray<Function> own, IEnumerable<Function> inlines, GateView gate, ContendedActions actions, DeferredRoots deferred, KernelHalf kernel, ImmutableArray<LockAnswer> locks,
        ImmutableArray<YieldingEntry> yielding)
    {
        var gated = locks.Where(l => l.Answer == LockChoice.Gate).Select(l => l.Name).ToHashSet();
        var excluded = deferred.Excluded(kernel);
        var entries =
            from function in gate.Entries
            let isLocked = gate.LeadsTo(function, gated)
            let isExcluded = excluded.Contains(function.Id)
            where isLocked || isExcluded
            select new GatedEntry(function.Id, function.Name, function.Unit, isLocked, isExcluded, actions.Of(function)!, actions.Ends(function));
        return new GatePlan(
            [.. entries.OrderBy(e => e.Function, StringComparer.Ordinal)],
            yielding,
            own.Where(f => !kernel.Contains(f.Id) && deferred.Contains(f.Id))
                .ToImmutableSortedDictionary(f => f.Id, f => deferred.RuleOf(f.Id)!, StringComparer.Ordinal),
            [.. own.Where(f => kernel.Contains(f.Id)).Concat(inlines).Where(f => gate.LeadsTo(f, gated)).Select(f => f.Id)]);
    }

    /// <summary>The finished tables with what the gate needs written into them.</summary>
    /// <param name="inTask">What must run in the task that made the upcall, beyond what the rules say.</param>
    public SlicePlan Mark(SlicePlan plan, KernelSpecs specs, IReadOnlySet<string> inTask)
    {
        var rules = specs.RulesByName();
        var deferrals = plan.Upcalls.Select((upcall, id) => (Id: id, Rule: Deferred.GetValueOrDefault(upcall.Function)))
            .Where(d => d.Rule is not null).Select(d => new Deferral(d.Id, d.Rule!.Hold, d.Rule.Unhold, !d.Rule.Excludes.IsEmpty));
        return plan with { Gated = Gated(plan), Deferrals = [.. deferrals], Downcalls = [.. plan.Downcalls.Select(Mark)] };

        ImmutableArray<GatedEntry> Gated(SlicePlan plan)
        {
            if (!plan.Upcalls.Any(u => u.Alone))
                return Entries;
            var gated = Entries.Select(e => e.Function).ToHashSet();
            var yielding = Yielding.Select(y => y.Function.Id).ToHashSet();
            return
            [
                .. Entries.Select(e => e with { Yields = yielding.Contains(e.Function) })
                    .Concat(Yielding.Where(y => !gated.Contains(y.Function.Id)).Select(y =>
                        new GatedEntry(y.Function.Id, y.Function.Name, y.Function.Unit, false, false, y.Action) { Yields = true }))
                    .OrderBy(e => e.Function, StringComparer.Ordinal),
            ];
        }

        Downcall Mark(Downcall downcall)
        {
            var rule = downcall.Kind == DowncallKind.Driver ? null : rules.GetValueOrDefault(downcall.Name);
            return downcall with
            {
                Shipped = rule?.Shipped == true || inTask.Contains(downcall.Function),
                Settles = rule?.Settles == true,
                Locks = Locking.Contains(downcall.Function),
            };
        }
    }
}
