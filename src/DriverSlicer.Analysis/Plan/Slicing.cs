// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.Plan;
using DriverSlicer.Model;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Analysis;

/// <summary>The stages between a model and a plan.</summary>
public static class Slicing
{
    public static SlicePlan Run(DriverModel model, KernelSpecs specs, SliceAbilities abilities)
    {
        var graph = CallGraph.Build(model);

        // A pin moves functions, which makes other crossings, which may need other pins. Both only grow, so this ends.
        var pins = ImmutableDictionary<string, Pin>.Empty;
        PlacementResult placement;
        ImmutableArray<Pin> found;
        do
        {
            placement = Placement.Choose(graph, specs, abilities, pins);
            var user = placement.Functions.Where(p => p.Half == Half.User).Select(p => p.Function).ToHashSet();
            found = [.. Constructs.FindPins(graph, specs, user).Values.Where(p => !pins.ContainsKey(p.Function))];
            pins = pins.AddRange(found.Select(p => KeyValuePair.Create(p.Function, p)));
        }
        while (!found.IsEmpty);

        // No function changes half after this.
        var plan = MarshalPlan.Build(graph, specs, placement);
        plan = plan with { Diagnostics = [.. plan.Diagnostics, .. Reports(graph, pins)] };

        // The same question asked again, of the facts.
        return plan with { Diagnostics = [.. plan.Diagnostics, .. SliceChecks.Run(plan, specs)] };
    }

    private static IEnumerable<Diagnostic> Reports(CallGraph graph, ImmutableDictionary<string, Pin> pins) =>
        pins.Values.Select(p => PinCatalog.Diagnostic(graph.Function(p.Function)!, p))
            .OrderBy(d => d.Location.File, StringComparer.Ordinal).ThenBy(d => d.Location.Line).ThenBy(d => d.Location.Column)
            .ThenBy(d => d.Id, StringComparer.Ordinal).ThenBy(d => d.Message, StringComparer.Ordinal);
}
