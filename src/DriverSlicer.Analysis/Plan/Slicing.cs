// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
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
        var stale = StaleChoices.Of(graph, specs);
        specs = Promises.Add(graph, specs);
        var ground = new Ground(graph, specs);
        var (placement, pins, inBoth) = Settle(graph, ground, specs, abilities);

        // No function changes half after this.
        var user = MarshalPlan.UserFunctions(placement);
        var plan = placement.Gate.Mark(MarshalPlan.Build(new UserHalf(ground, user, inBoth), placement), specs, CallersTask.Of(graph, specs, user));
        plan = plan with
        {
            Choices = specs.Choices,
            Diagnostics = [.. stale, .. UnmetChoices.Of(placement, specs.Choices, model), .. plan.Diagnostics, .. Reports(graph, pins), .. Promises.Notes(specs.Choices)],
        };

        // The same question asked again, of the facts.
        return plan with { Diagnostics = [.. plan.Diagnostics, .. SliceChecks.Run(plan, specs)] };
    }

    /// <summary>
    /// The same decisions for statistics, without a plan: functions with a region that outlining could answer count as moved, and the region's
    /// lines as kept. What only the text of a region shows (that it cannot be cut out) is not seen.
    /// </summary>
    public static Surveyed Survey(DriverModel model, KernelSpecs specs, SliceAbilities abilities)
    {
        var able = abilities with { Outline = true };
        var graph = CallGraph.Build(model);
        var free = Placement.Choose(graph, specs, able, ImmutableDictionary<string, Pin>.Empty);
        var (placement, pins, _) = Settle(graph, new Ground(graph, specs), specs, able);
        return new Surveyed(
            graph, Roots.Of(graph, specs), free, placement, OutlineChoice.Of(placement.Outlines, LockRegions.Of(graph, specs)),
            [.. pins.Values.OrderBy(p => p.Function, StringComparer.Ordinal)]);
    }

    // A pin moves functions, which makes other crossings, which may need other pins. Both only grow, so this ends.
    // Functions that both halves have are found on the way: a call that has no sound plan as a downcall, and needs none.
    internal static (PlacementResult Placement, ImmutableDictionary<string, Pin> Pins, ImmutableHashSet<string> InBoth) Settle(
        CallGraph graph, Ground ground, KernelSpecs specs, SliceAbilities abilities)
    {
        var pins = Kept(graph, specs.Choices);
        var inBoth = ImmutableHashSet<string>.Empty;
        while (true)
        {
            var placement = Placement.Choose(graph, specs, abilities, pins);
            var half = new UserHalf(ground, MarshalPlan.UserFunctions(placement), inBoth);
            var (all, copies) = Constructs.Find(half);
            if (!copies.IsEmpty)
            {
                inBoth = inBoth.Union(copies);
                continue;
            }

            var found = all.Values.Where(p => !pins.ContainsKey(p.Function)).ToImmutableArray();
            if (found.IsEmpty)
                return (placement, pins, inBoth);
            pins = pins.AddRange(found.Select(p => KeyValuePair.Create(p.Function, p)));
        }
    }

    /// <summary>What slice.toml keeps: no construct, so nothing to report but the reason.</summary>
    private static ImmutableDictionary<string, Pin> Kept(CallGraph graph, SliceChoices choices) =>
        choices.Functions.Where(c => c.Half == Half.Kernel)
            .SelectMany(c => graph.Model.Functions.Where(f => f.Name == c.Name)
                .Select(f => KeyValuePair.Create(f.Id, new Pin(f.Id, Reasons.OfKept(c), f.Location, ""))))
            .ToImmutableDictionary();

    private static IEnumerable<Diagnostic> Reports(CallGraph graph, ImmutableDictionary<string, Pin> pins) =>
        pins.Values.Where(p => p.DiagnosticId.Length > 0).Select(p => PinCatalog.Diagnostic(graph.Function(p.Function)!, p))
            .OrderBy(d => d.Location.File, StringComparer.Ordinal).ThenBy(d => d.Location.Line).ThenBy(d => d.Location.Column)
            .ThenBy(d => d.Id, StringComparer.Ordinal).ThenBy(d => d.Message, StringComparer.Ordinal);
}
