// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Analysis.Plan;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// Which regions to ask for. One that lies inside another travels with it. Where spinlocks overlap in another way, or a region stands under a
/// spinlock that is not outlined, the function is left alone: its callee would be entered with a lock held that only the user half knows.
/// </summary>
internal static class OutlineChoice
{
    private static readonly ImmutableHashSet<string> InStatement = new[]
    {
        Trouble.Unsupported, Trouble.Assembly, Trouble.UnknownCallee, Trouble.MadePointer, Trouble.OtherView, Trouble.KernelVariable, Trouble.MacroStatic,
        Trouble.UnknownLength, Trouble.Union, Trouble.PointerToPointer, Trouble.FlexibleArray, Trouble.PointerAsNumber, Trouble.Ruled, Trouble.Unmapped, Trouble.MixedMemory,
    }.Select(PinCatalog.Id).ToImmutableHashSet();

    public static ImmutableArray<OutlineRequest> Of(ImmutableArray<HeldRegion> outlines, LockRegions regions)
    {
        var requests = ImmutableArray.CreateBuilder<OutlineRequest>();
        foreach (var one in outlines.GroupBy(r => r.Function.Id))
        {
            var atomic = regions.In(one.Key).Where(r => r.Rule.AtomicWhileHeld).ToArray();
            var outer = one.Where(r => !one.Any(o => Encloses(o, r))).ToArray();
            if (outer.All(r => atomic.All(other => other == r || Encloses(r, other) || other.End < r.Start || r.End < other.Start)))
                requests.AddRange(outer.Select(Request));
        }

        return requests.ToImmutable();
    }

    /// <summary>
    /// Constructs that stand in one statement of the function, with nothing said about what it is given or gives; of functions that have no others.
    /// </summary>
    public static IEnumerable<OutlineRequest> Statements(CallGraph graph, ImmutableDictionary<string, Pin> pins) =>
        pins.Values.Where(p => InStatement.Contains(p.DiagnosticId) && p.Further.All(InStatement.Contains))
            .Select(p => (Pin: p, Function: graph.Function(p.Function)!))
            .Where(p => p.Function.Origin == FunctionOrigin.Driver && graph.Model.OutlinedAs(p.Function) is null && p.Pin.Location.File == p.Function.Location.File)
            .Select(p => OutlineRequest.Statement(p.Pin.Function, p.Function.Name, p.Pin.Location))
            .OrderBy(r => r.Function, StringComparer.Ordinal);

    private static bool Encloses(HeldRegion outer, HeldRegion inner) => outer.Start < inner.Start && inner.End < outer.End;

    private static OutlineRequest Request(HeldRegion region) => new(
        region.Function.Id, region.Function.Name, region.Lock.Text, region.Location, region.Function.Facts[region.End].Location);
}
