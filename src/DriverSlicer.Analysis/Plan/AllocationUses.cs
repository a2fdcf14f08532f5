// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>
/// Memory that a closure allocates and uses before it is read back from anywhere: <c>p->ring = ring = kcalloc(...); ring[i].x = 0</c>. The
/// walk finds elements and bytes only through a field, so the field is followed although the closure just writes it.
/// </summary>
internal static class AllocationUses
{
    /// <summary>Nobody sees a record in it.</summary>
    public static bool IsBytes(Uses uses, Node result, MemoryUse use) => (use.HasBytes || use.IsString) && !use.IsIndexed && !uses.Reveals[result].Any();

    public static IEnumerable<Problem> Spread(UserHalf half, Uses uses)
    {
        foreach (var (result, use) in uses.Allocations.OrderBy(a => (a.Key.Owner, a.Key.Index)))
        {
            var holders = uses.Flow.Edges
                .Where(e => SlotFacts.SlotOf(e.To) is not null && uses.Flow.Origins(e.From).Any(o => o.Node == result))
                .Select(e => SlotFacts.SlotOf(e.To)!.Value).ToHashSet();
            var fields = uses.All.Where(u => u.Place.Type.IsPointer && holders.Contains(u.Place.Slot)).ToArray();
            foreach (var field in fields)
            {
                var slot = uses.Slot(field.Place.Slot);
                slot.Add(use);
                field.In = true;
                foreach (var (writer, location) in field.Writers)
                    field.Readers.TryAdd(writer, location);
            }

            // Plain bytes that only variables lead to: the site says so (AllocationSites), and they travel until the call ends.
            if (fields.Length == 0 && IsBytes(uses, result, use))
                continue;
            if (fields.Length == 0 && uses.Flow.CallOf(result) is { } call)
                yield return new Problem(
                    Trouble.UnknownLength, result.Owner, call.Location,
                    $"what {string.Join(" or ", half.Callees(call).Select(c => c.Name))} allocates here is used as bytes or as an array, and no field holds it");
        }
    }
}
