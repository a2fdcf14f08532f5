// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>Upcalls that write fields of the driver's records, or its variables, which an entry of the kernel half writes too, with or without a lock.</summary>
internal sealed class Rivals
{
    private readonly UserHalf half;

    /// <summary>For each entry that yields: those of the user half's functions that write what it writes.</summary>
    private readonly (YieldingEntry Entry, HashSet<string> Writers)[] writers;

    public Rivals(UserHalf half, Uses whole, ImmutableArray<YieldingEntry> yielding)
    {
        this.half = half;
        var ownRecords = half.Graph.Model.Records.Where(r => r.InDriver).Select(r => r.Id).ToHashSet();
        writers = [.. yielding.Select(entry => (entry, WritersOf(entry.Function)))];

        HashSet<string> WritersOf(Function entry)
        {
            var slots = Reach(half, entry).SelectMany(f => WrittenByBoth.Written(half, f)).ToHashSet();
            return
            [
                .. whole.All.Where(u => u.Out && slots.Contains(u.Place.Slot) && (u.Place.Slot.Field.Length == 0 || ownRecords.Contains(u.Place.Slot.Owner)))
                    .SelectMany(u => u.Writers.Keys),
            ];
        }
    }

    /// <summary>It should not run beside them.</summary>
    public bool HasAny(Function upcall)
    {
        if (writers.All(w => w.Writers.Count == 0))
            return false;
        var closure = half.Closure([upcall]);
        var called = closure.SelectMany(f => f.Facts.OfType<Call>()).SelectMany(half.Callees).DistinctBy(f => f.Id)
            .SelectMany(f => Reach(half, f)).SelectMany(f => half.Graph.Possible(f.Id).Select(e => e.Callee?.Name).Append(f.Name)).ToHashSet();
        return writers.Any(w => closure.Any(f => w.Writers.Contains(f.Id)) && !w.Entry.UnlessCalls.Any(called.Contains));
    }

    /// <summary>What runs in the kernel half after entering it.</summary>
    private static List<Function> Reach(UserHalf half, Function entry) => UserHalf.Reach(
        entry, f => half.Graph.Possible(f.Id),
        f => f.Origin is FunctionOrigin.Driver or FunctionOrigin.Macro or FunctionOrigin.HeaderInline && !half.Functions.Contains(f.Id));
}
