// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>How a pointer field is marshaled, and what stops it.</summary>
internal sealed class FieldKinds(UserHalf half, SlotFacts slots, Uses uses)
{
    private readonly record struct Choice(FieldKind Kind, string? Record = null);

    /// <summary>What this region takes untyped pointer fields for.</summary>
    private readonly ILookup<Slot, Reveal> views = uses.Reveals.SelectMany(g => g)
        .Where(r => SlotFacts.SlotOf(r.Origin.Node) is not null).ToLookup(r => SlotFacts.SlotOf(r.Origin.Node)!.Value);

    /// <summary>Blocks of bytes that fields lead to, with their directions.</summary>
    public SortedDictionary<string, (bool In, bool Out)> Blocks { get; } = new(StringComparer.Ordinal);

    /// <summary>Kind, record behind the pointer, directions.</summary>
    public (FieldKind Kind, string? Record, bool In, bool Out) Of(Use use)
    {
        if (use.IsEmbed)
            return (FieldKind.Embed, use.Place.Type.Record, true, false);
        if (!use.Place.Type.IsPointer)
            return (use.Place.IsBitField ? FieldKind.Bits : FieldKind.Bytes, null, use.In, use.Out);
        var choice = OfPointer(use.Place.Type, use.Place.Slot);
        var slot = uses.Slots.GetValueOrDefault(use.Place.Slot);
        if (choice.Record is { } record && ByteBlock.Is(record))
            AddBlock(record, slot!);
        // One direction stands for the pointer and the bytes behind it.
        return choice.Kind == FieldKind.PtrBytes
            ? (choice.Kind, null, use.In || slot!.HasBytes, use.Out || slot!.BytesWritten)
            : (choice.Kind, choice.Record, use.In, use.Out);
    }

    /// <summary>What a pointer to a function can name.</summary>
    public ImmutableArray<string> FunctionsOf(Use use) => FunctionSets.Of(half, use.Place.Slot, use.Place.Type);

    public bool TakesNumbers(Use use) => slots.TakesNumbers(use.Place.Slot);

    public void AddBlock(string record, MemoryUse use)
    {
        var known = Blocks.GetValueOrDefault(record);
        Blocks[record] = (known.In || use.BytesRead, known.Out || use.BytesWritten);
    }

    /// <summary>Why what is done through the pointer cannot be carried out, or null.</summary>
    public (Trouble Trouble, string Message, IReadOnlyDictionary<string, Location> Blamed, string? Next)? TroubleOf(Use use)
    {
        if (!use.Place.Type.IsPointer || !use.In || !uses.Slots.TryGetValue(use.Place.Slot, out var slot) || slots.IsNative(use.Place.Slot))
            return null;
        var (type, name) = (use.Place.Type, Name(use.Place.Slot));
        var types = type.IsUntyped() ? slots.Types(use.Place.Slot) : [];
        if (!types.IsEmpty && slot.HasBytes)
            return (Trouble.OtherView, $"{name} is used as {half.Records.Name(types[0])} and as bytes", slot.Users, null);
        var hasLength = slots.IsOwnMemory(use.Place.Slot, half.Functions);
        if (slot.IsIndexed && (type.RecordBehind() is not null || !types.IsEmpty) && !hasLength && !IsNative(type))
            return (Trouble.UnknownLength, $"how many elements {name} points to is not known", slot.Indexers, null);
        if (type.IsFunctionPointer || IsString(type, slot, use.Place.Slot))
            return null;
        return type.RecordBehind() is null && (slot.HasBytes || slot.IsString) && !hasLength && !IsBlock(slot)
            ? (Trouble.UnknownLength, $"how many bytes {name} points to is not known", slot.Users, type.IsCharPointer() && !slot.BytesWritten ? StringLine(name) : null)
            : null;
    }

    /// <summary>
    /// A pointer that the region takes for several records is followed by the type of its allocation: those that it takes for a record which
    /// is not always an allocation of the user half's own, and where.
    /// </summary>
    public IEnumerable<(string Function, Location Location, string Message, string Next)> Ambiguous(Use use)
    {
        if (slots.Promised(use.Place.Slot) is { IsString: false } promised)
        {
            foreach (var view in Unpromised(use.Place.Slot))
                yield return (view.Edge.In.Id, view.Edge.Location,
                    $"{promised.Name} is promised to lead to {promised.Is}, and is taken for {half.Records.Name(view.Record)}", "nothing to do; the promise is about functions that take it for what is promised");
            yield break;
        }

        if (!use.In || OfPointer(use.Place.Type, use.Place.Slot) is not { Kind: FieldKind.PtrAny, Record: null })
            yield break;
        foreach (var view in views[use.Place.Slot].Where(v => uses.IsVisited(v.Record) && !slots.IsOwnMemory(use.Place.Slot, v.Record, half.Functions)))
        {
            var all = slots.Types(use.Place.Slot).Select(half.Records.Name);
            yield return (view.Edge.In.Id, view.Edge.Location,
                $"{Name(use.Place.Slot)} leads to {string.Join(" or ", all)}, and nothing tells when to {half.Records.Name(view.Record)}",
                $"nothing to do; if you know that it leads to one of them whenever this function looks, add to slice.toml, under [pointers]: \"{Name(use.Place.Slot)}\" = {{ is = \"{half.Records.Name(view.Record)}\", promise = \"why\" }}");
        }
    }

    /// <summary>Functions that know nothing of the promised record: what they do, they do where it is.</summary>
    private IEnumerable<Reveal> Unpromised(Slot slot) =>
        views[slot].GroupBy(v => v.Edge.In.Id).Where(g => g.All(v => !slots.Types(slot).Contains(v.Record))).SelectMany(g => g);

    /// <summary>What is stored there may be another record, or a block of another length, than what is taken out.</summary>
    public bool TakesOthers(Use use, string record) =>
        ByteBlock.Is(record) || (use.Place.Type.IsUntyped() && slots.Types(use.Place.Slot).Length > 1);

    /// <summary>Only bytes at constant places are used: those travel, whatever else is there.</summary>
    public static bool IsBlock(MemoryUse use) => use is { HasBytes: true, IsString: false, Extent: > 0 and <= ByteBlock.Max };

    private Choice OfPointer(CType type, Slot slot)
    {
        if (type.IsFunctionPointer)
            return new Choice(FieldKind.PtrFunc);
        if (slots.IsNative(slot))
            return new Choice(FieldKind.PtrOpaque);
        var use = uses.Slots.GetValueOrDefault(slot);
        if (type.RecordBehind() is { } record)
            return OfRecords([record], use, slot);
        if (type.IsUntyped() && slots.Types(slot) is { Length: > 0 } types)
            return OfRecords(types, use, slot);
        if (use is not null && IsString(type, use, slot))
            return new Choice(FieldKind.PtrString);
        if (use is { HasBytes: true } or { IsString: true })
            return IsBlock(use) && !slots.IsOwnMemory(slot, half.Functions)
                ? new Choice(FieldKind.Ptr, ByteBlock.Id(use.Extent!.Value)) : new Choice(FieldKind.PtrBytes);
        // A literal stored there is kept by the kernel as a string.
        return new Choice(type.IsCharPointer() && slots.HoldsLiteral(slot) ? FieldKind.PtrString : FieldKind.PtrOpaque);
    }

    /// <summary>Several records: the one that this region takes the pointer for; where the allocation tells its type at run time, that one counts.</summary>
    private Choice OfRecords(ImmutableArray<string> records, MemoryUse? use, Slot slot)
    {
        var known = records.Where(r => half.Records.IsNamedObject(r) && !slots.IsNativeType(r)).ToArray();
        if (known.Length == 0)
            return new Choice(FieldKind.PtrOpaque);
        if (records.Length > 1)
        {
            var seen = views[slot].Where(v => v.Origin.Offset == 0).Select(v => v.Record).Distinct().ToArray();
            var record = seen.Length == 1 && known.Contains(seen[0]) && views[slot].All(v => v.Origin.Offset == 0) ? seen[0] : null;
            return new Choice(records.Any(uses.IsVisited) ? FieldKind.PtrAny : FieldKind.PtrOpaque, record);
        }
        return new Choice(
            !uses.IsVisited(known[0]) ? FieldKind.PtrOpaque : use is { IsIndexed: true } ? FieldKind.PtrArray : FieldKind.Ptr, known[0]);
    }

    /// <summary><c>const char *</c> is a string by custom, <c>char *</c> by use.</summary>
    private bool IsString(CType type, MemoryUse use, Slot slot) =>
        type.IsCharPointer() && !use.BytesWritten && (use.IsString || (use.BytesRead && type.IsString()) || slots.Promised(slot) is { IsString: true });

    private bool IsNative(CType type) => type.RecordBehind() is { } record && slots.IsNativeType(record);

    private static string StringLine(string name) =>
        $"nothing to do; if you know that it is a string with its NUL, add to slice.toml, under [pointers]: \"{name}\" = {{ is = \"string\", promise = \"why\" }}";

    private string Name(Slot slot) => half.Ground.NameOf(slot);
}
