// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// Which regions to ask for. One that lies inside another travels with it. Where spinlocks overlap in another way, or a region stands under a
/// spinlock that is not outlined, the function is left alone: its callee would be entered with a lock held that only the user half knows.
/// </summary>
internal static class OutlineChoice
{
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

    private static bool Encloses(HeldRegion outer, HeldRegion inner) => outer.Start < inner.Start && inner.End < outer.End;

    private static OutlineRequest Request(HeldRegion region) => new(
        region.Function.Id, region.Function.Name, region.Lock.Text, region.Location, region.Function.Facts[region.End].Location);
}
