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

/// <summary>What is done with the memory behind an untyped or scalar pointer, and whether a record pointer moves.</summary>
internal sealed class MemoryUse
{
    public bool BytesRead { get; private set; }

    public bool BytesWritten { get; private set; }

    public bool IsString { get; private set; }

    public bool IsIndexed { get; private set; }

    public bool HasBytes => BytesRead || BytesWritten;

    /// <summary>End of the furthest byte used, if all are at constant places; else null.</summary>
    public long? Extent { get; private set; } = 0;

    /// <summary>Who uses the bytes, and where first; by function id.</summary>
    public SortedDictionary<string, Location> Users { get; } = new(StringComparer.Ordinal);

    /// <summary>Who goes from one record to the next.</summary>
    public SortedDictionary<string, Location> Indexers { get; } = new(StringComparer.Ordinal);

    public void Note(Effect effect, long? offset)
    {
        IsString |= effect.IsString;
        BytesRead |= effect.Mode.HasFlag(AccessMode.Read) && !effect.IsString;
        BytesWritten |= effect.Mode.HasFlag(AccessMode.Write);
        Users.TryAdd(effect.Function.Id, effect.Location);
        if (!effect.IsString)
            Widen(offset >= 0 ? offset + effect.Size : null);
    }

    public void NoteIndex(Function function, Location location)
    {
        IsIndexed = true;
        Indexers.TryAdd(function.Id, location);
    }

    public void Add(MemoryUse other)
    {
        foreach (var (user, location) in other.Users)
            Users.TryAdd(user, location);
        foreach (var (user, location) in other.Indexers)
            Indexers.TryAdd(user, location);
        BytesRead |= other.BytesRead;
        BytesWritten |= other.BytesWritten;
        IsString |= other.IsString;
        IsIndexed |= other.IsIndexed;
        Widen(other.Extent);
    }

    private void Widen(long? end) => Extent = Extent is { } known && end is { } more ? Math.Max(known, more) : null;
}

/// <summary>All that a region of the user half does to memory, by type.</summary>
internal sealed class Uses(PointerFlow flow, Records records)
{
    public PointerFlow Flow { get; } = flow;

    /// <summary>Untyped pointers that become pointers to records, by what they come from.</summary>
    public ILookup<Node, Reveal> Reveals { get; } = Views.Reveals(flow, records).ToLookup(r => r.Origin.Node);

    /// <summary>By record id, then key of the place.</summary>
    public SortedDictionary<string, SortedDictionary<string, Use>> Records { get; } = new(StringComparer.Ordinal);

    /// <summary>By global id, then key of the place.</summary>
    public SortedDictionary<string, SortedDictionary<string, Use>> Globals { get; } = new(StringComparer.Ordinal);

    /// <summary>From a record, others at these offsets.</summary>
    public SortedDictionary<string, SortedSet<(long Offset, string Record)>> Derived { get; } = new(StringComparer.Ordinal);

    public Dictionary<Slot, MemoryUse> Slots { get; } = [];

    /// <summary>Results of allocating calls whose bytes are used through variables alone.</summary>
    public Dictionary<Node, MemoryUse> Allocations { get; } = [];

    /// <summary>Memory behind pointers to scalars that entry points are given.</summary>
    public Dictionary<Node, MemoryUse> Parameters { get; } = [];

    /// <summary>Parameters of entry points that lead to more than one record.</summary>
    public HashSet<Node> IndexedParameters { get; } = [];

    public List<Problem> Problems { get; } = [];

    /// <summary>The closure looks at, or through, objects of this record.</summary>
    public bool IsVisited(string record) => IsVisited(record, []);

    public IEnumerable<Use> All => Records.Values.Concat(Globals.Values).SelectMany(g => g.Values);

    public MemoryUse Slot(Slot slot) => Slots.TryGetValue(slot, out var use) ? use : Slots[slot] = new MemoryUse();

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
