// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Analysis.Plan;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>The stages between a model and a plan.</summary>
public static class Slicing
{
    public static SlicePlan Run(DriverModel model, KernelSpecs specs, SliceAbilities abilities)
    {
        var graph = CallGraph.Build(model);
        var ground = new Ground(graph, specs);

        // A pin moves functions, which makes other crossings, which may need other pins. Both only grow, so this ends.
        var pins = ImmutableDictionary<string, Pin>.Empty;
        PlacementResult placement;
        ImmutableArray<Pin> found;
        do
        {
            placement = Placement.Choose(graph, specs, abilities, pins);
            found =
            [
                .. Constructs.FindPins(new UserHalf(ground, MarshalPlan.UserFunctions(placement))).Values.Where(p => !pins.ContainsKey(p.Function)),
            ];
            pins = pins.AddRange(found.Select(p => KeyValuePair.Create(p.Function, p)));
        }
        while (!found.IsEmpty);

        // No function changes half after this.
        var plan = placement.Gate.Mark(MarshalPlan.Build(new UserHalf(ground, MarshalPlan.UserFunctions(placement)), placement), specs);
        plan = plan with { Diagnostics = [.. plan.Diagnostics, .. Reports(graph, pins)] };

        // The same question asked again, of the facts.
        return plan with { Diagnostics = [.. plan.Diagnostics, .. SliceChecks.Run(plan, specs)] };
    }

    private static IEnumerable<Diagnostic> Reports(CallGraph graph, ImmutableDictionary<string, Pin> pins) =>
        pins.Values.Select(p => PinCatalog.Diagnostic(graph.Function(p.Function)!, p))
            .OrderBy(d => d.Location.File, StringComparer.Ordinal).ThenBy(d => d.Location.Line).ThenBy(d => d.Location.Column)
            .ThenBy(d => d.Id, StringComparer.Ordinal).ThenBy(d => d.Message, StringComparer.Ordinal);
}
