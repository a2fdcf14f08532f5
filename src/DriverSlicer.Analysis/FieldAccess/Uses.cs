// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>How a region uses one place. Reads and writes stay apart for good.</summary>
internal sealed class Use(Place place)
{
    public Place Place { get; } = place;

    public bool In { get; set; }

    public bool Out { get; set; }

    /// <summary>A record whose address is used: visited in place.</summary>
    public bool IsEmbed { get; set; }

    /// <summary>Who, and where first; by function id.</summary>
    public SortedDictionary<string, Location> Readers { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, Location> Writers { get; } = new(StringComparer.Ordinal);
}

/// <summary>What is done with the memory behind an untyped or scalar pointer that a slot holds, and whether a record pointer moves.</summary>
internal sealed class SlotUse
{
    public bool BytesRead { get; set; }

    public bool BytesWritten { get; set; }

    public bool IsString { get; set; }

    public bool IsIndexed { get; set; }

    public bool HasBytes => BytesRead || BytesWritten;
}

/// <summary>All that a region of the user half does to memory, by type.</summary>
internal sealed class Uses(PointerFlow flow)
{
    public PointerFlow Flow { get; } = flow;

    /// <summary>Untyped pointers that become pointers to records, by what they come from.</summary>
    public ILookup<Node, Reveal> Reveals { get; } = Views.Reveals(flow).ToLookup(r => r.Origin.Node);

    /// <summary>By record id, then key of the place.</summary>
    public SortedDictionary<string, SortedDictionary<string, Use>> Records { get; } = new(StringComparer.Ordinal);

    /// <summary>By global id, then key of the place.</summary>
    public SortedDictionary<string, SortedDictionary<string, Use>> Globals { get; } = new(StringComparer.Ordinal);

    /// <summary>From a record, others at these offsets.</summary>
    public SortedDictionary<string, SortedSet<(long Offset, string Record)>> Derived { get; } = new(StringComparer.Ordinal);

    public Dictionary<Slot, SlotUse> Slots { get; } = [];

    /// <summary>Results of allocating calls whose bytes are used through variables alone.</summary>
    public Dictionary<Node, SlotUse> Allocations { get; } = [];

    public List<Problem> Problems { get; } = [];

    /// <summary>The closure looks at, or through, objects of this record.</summary>
    public bool IsVisited(string record) => IsVisited(record, []);

    public IEnumerable<Use> All => Records.Values.Concat(Globals.Values).SelectMany(g => g.Values);

    public SlotUse Slot(Slot slot) => Slots.TryGetValue(slot, out var use) ? use : Slots[slot] = new SlotUse();

    private bool IsVisited(string record, HashSet<string> asked) =>
        Derived.ContainsKey(record)
        || (asked.Add(record) && Records.TryGetValue(record, out var uses)
            && uses.Values.Any(u => !u.IsEmbed || IsVisited(u.Place.Type.Record!, asked)));

    public static Use Of(SortedDictionary<string, SortedDictionary<string, Use>> map, string owner, Place place)
    {
        if (!map.TryGetValue(owner, out var uses))
            map[owner] = uses = new SortedDictionary<string, Use>(StringComparer.Ordinal);
        return uses.TryGetValue(place.Key, out var use) ? use : uses[place.Key] = new Use(place);
    }
}
