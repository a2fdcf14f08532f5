// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>
/// Refuses drivers with memory that their device writes to, as long as the runtime can only mirror: a mirror would show the process old
/// descriptors and write them back over the device's. Where such memory is reached from cannot be bounded by type, so the whole driver is refused.
/// </summary>
internal static class CoherentMemory
{
    public static IEnumerable<Diagnostic> Refusals(CallGraph graph, KernelSpecs specs, SliceAbilities abilities)
    {
        if (abilities.CoherentMemory)
            return [];
        var allocators = specs.Functions.Where(f => f.Coherent).Select(f => f.Name).ToHashSet();
        return graph.Model.Functions.Where(f => f.Origin == FunctionOrigin.Driver)
            .SelectMany(f => graph.Out(f.Id).Where(e => e.Callee is { } callee && allocators.Contains(callee.Name)).Select(e => (Function: f, Edge: e)))
            .OrderBy(x => x.Edge.Fact.Location.File, StringComparer.Ordinal).ThenBy(x => x.Edge.Fact.Location.Line).ThenBy(x => x.Edge.Fact.Location.Column)
            .Take(1)
            .Select(x => new Diagnostic(
                "DS0591", Severity.Error, x.Edge.Fact.Location,
                $"{x.Function.Name} allocates memory that the device writes to ({x.Edge.Callee!.Name}); it cannot be mapped into the process yet, and a mirror of it would be wrong",
                "nothing to do in the driver; 'driverslicer analyze' shows what will be possible"));
    }
}
