// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Analysis.Plan;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// The stage before slicing: which parts of functions are to be cut out. Behind one part there may be another, so the model that came of it is
/// asked again; then a statement that was cut out in vain is put back.
/// </summary>
public static class Outlining
{
    private const int Rounds = 6;

    // Each statement is a crossing: of a function with more of them little would have moved.
    private const int StatementsMost = 2;

    /// <summary>The driver with all that helps cut out.</summary>
    /// <param name="cut">Reads the driver with these parts made functions of their own, as far as their text allows it.</param>
    public static DriverModel Run(DriverModel model, KernelSpecs specs, SliceAbilities abilities, Func<ImmutableArray<OutlineRequest>, DriverModel> cut)
    {
        var asked = Requests(model, specs, abilities);
        ImmutableArray<OutlineRequest> regions = [.. asked.Where(r => r.Lock is not null)];
        var current = asked.IsEmpty ? model : cut(asked);
        for (var round = 1; round < Rounds && asked.Any(r => r.Lock is null); round++)
        {
            // Places are those of the driver's file whatever was cut out before.
            var known = asked.Select(r => (r.Function, r.Acquire)).ToHashSet();
            var statements = asked.Where(r => r.Lock is null).CountBy(r => r.Function).ToDictionary();
            var more = Requests(current, specs, abilities)
                .Where(r => !known.Contains((r.Function, r.Acquire)) && (r.Lock is not null || statements.GetValueOrDefault(r.Function) < StatementsMost)).ToArray();
            if (more.Length == 0)
                break;
            asked = [.. asked, .. more];
            current = cut(asked);
        }

        while (asked.Any(r => r.Lock is null))
        {
            var helped = Helped(current, specs, abilities);
            ImmutableArray<OutlineRequest> kept = [.. asked.Where(r => regions.Contains(r) || helped.Contains(r.Function))];
            if (kept.Length == asked.Length)
                break;
            // What is left is judged again: what helped may have done so together with what did not.
            (asked, current) = (kept, cut(kept));
        }

        return current;
    }

    /// <summary>
    /// Locked regions that keep their functions in the kernel half and that outlining could answer, judged by what they call; and statements
    /// that do. The text may yet stand against it.
    /// </summary>
    public static ImmutableArray<OutlineRequest> Requests(DriverModel model, KernelSpecs specs, SliceAbilities abilities)
    {
        var (graph, regions, placement, pins) = Settled(model, specs, abilities with { Outline = true });
        return [.. OutlineChoice.Of(placement.Outlines, regions), .. OutlineChoice.Statements(graph, pins)];
    }

    /// <summary>Ids of functions that moved, and of which no part that was cut out calls the user half or leaves a lock behind.</summary>
    private static HashSet<string> Helped(DriverModel model, KernelSpecs specs, SliceAbilities abilities)
    {
        var (graph, regions, placement, _) = Settled(model, specs, abilities);
        var user = MarshalPlan.UserFunctions(placement);
        var bad = model.Functions
            .Where(f => model.OutlinedAs(f) is not null && (regions.IsUnbalanced(f.Id) || graph.Possible(f.Id).Any(e => e.Callee is { } callee && user.Contains(callee.Id))))
            .Select(f => (f.Unit, model.OutlinedAs(f)!.From)).ToHashSet();
        return model.Functions.Where(f => user.Contains(f.Id) && !bad.Contains((f.Unit, f.Name))).Select(f => f.Id).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What slicing would decide.</summary>
    private static (CallGraph Graph, LockRegions Regions, PlacementResult Placement, ImmutableDictionary<string, Pin> Pins) Settled(
        DriverModel model, KernelSpecs specs, SliceAbilities abilities)
    {
        var graph = CallGraph.Build(model);
        specs = Promises.Add(graph, specs);
        var (placement, pins, _) = Slicing.Settle(graph, new Ground(graph, specs), specs, abilities);
        return (graph, LockRegions.Of(graph, specs), placement, pins);
    }
}
