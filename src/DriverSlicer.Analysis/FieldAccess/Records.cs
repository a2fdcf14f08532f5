// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>Record layouts: paths to places, places to their scalar leaves.</summary>
internal sealed class Records
{
    private readonly Dictionary<string, CRecord> byId;
    private readonly Dictionary<string, string> holders = [];
    private readonly Dictionary<string, bool> pointers = [];

    public Records(DriverModel model)
    {
        byId = model.Records.ToDictionary(r => r.Id);
        foreach (var record in model.Records)
            foreach (var field in record.Fields.Where(f => f.Name.Length == 0 && f.Type.Record is not null))
                holders.TryAdd(field.Type.Record!, record.Id);
    }

    public CRecord? Find(string? id) => id is null ? null : byId.GetValueOrDefault(id);

    /// <summary>Has a size, so that it can be an object of the plan.</summary>
    public bool IsObject(string? id) => Find(id) is { IsComplete: true, Size: > 0 };

    /// <summary>The record that the pointer points to, if C has a name for it; a pointer to an unnamed one says no more than void *.</summary>
    public string? Behind(CType type) => type.RecordBehind() is { } id && Find(id) is not { Spelling.Length: 0 } ? id : null;

    /// <summary>An object of the plan whose type C can name.</summary>
    public bool IsNamedObject(string? id) => IsObject(id) && Find(id)!.Spelling.Length > 0;

    public string Name(string id)
    {
        if (Find(id) is not { Spelling.Length: 0 })
            return Find(id)?.Spelling ?? id;
        var holder = byId.Values.Where(r => r.Fields.Any(f => f.Type.Record == id)).MinBy(r => r.Id, StringComparer.Ordinal);
        return holder is null ? "an unnamed record" : $"{Name(holder.Id)}.{holder.Fields.First(f => f.Type.Record == id).Name}";
    }

    /// <summary>Members of anonymous members belong to the record that has a name, as in C.</summary>
    public Slot SlotOf(string record, string field)
    {
        while (holders.TryGetValue(record, out var holder))
            record = holder;
        return new Slot(record, field);
    }

    public string Text(Slot slot) => slot.Field.Length == 0 ? slot.Owner : $"{Name(slot.Owner)}.{slot.Field}";

    public Place? Whole(string record) =>
        Find(record) is { } found ? Place.Whole(new CType(CKind.Record, found.Size, found.Spelling, Record: record)) : null;

    public Place? Resolve(string record, IEnumerable<string> path) => Whole(record) is { } whole ? Resolve(whole, path) : null;

    public Place? Resolve(Place start, IEnumerable<string> path)
    {
        Place? place = start;
        foreach (var step in path)
            place = place is null ? null : Step(place, step);
        return place;
    }

    /// <summary>Null if there is no such member, or an index lies outside.</summary>
    public Place? Step(Place at, string step)
    {
        if (step.StartsWith('['))
            return Element(at, step);
        if (at.Type.Kind == CKind.Array)
            return Element(at, "[]") is { } element ? Step(element, step) : null;
        return at.Type.Record is { } record ? Member(at, record, step) : null;
    }

    /// <summary>All elements, down to something that is no array.</summary>
    public Place? Elements(Place at)
    {
        Place? place = at;
        while (place is { Type.Kind: CKind.Array })
            place = Element(place, "[]");
        return place;
    }

    public bool HasPointers(CType type) => type.Kind switch
    {
        CKind.Pointer or CKind.Function or CKind.Unsupported => true,
        CKind.Array => HasPointers(type.Element!),
        CKind.Record => HasPointers(type.Record!),
        _ => false,
    };

    public bool HasPointers(string record)
    {
        if (pointers.TryGetValue(record, out var known))
            return known;
        return pointers[record] = Find(record) is not { IsComplete: true } found
            || (found.Fields.IsEmpty && found.Size > 0) || found.Fields.Any(f => HasPointers(f.Type));
    }

    /// <summary>Records by value inside a type, with their offsets; array elements each, nested ones too.</summary>
    public IEnumerable<(long Offset, string Record)> Nested(CType type, long offset = 0)
    {
        if (type is { Kind: CKind.Array, Element: { } element })
            return Range(type.Count).SelectMany(i => Nested(element, offset + (i * element.Size)));
        return type.Record is { } id && Find(id) is { } record
            ? record.Fields.SelectMany(f => f.Type.Record is { } own
                ? Nested(f.Type, offset + (f.OffsetBits / 8)).Prepend((offset + (f.OffsetBits / 8), own))
                : ArrayMembers(f, offset))
            : [];
    }

    private IEnumerable<(long Offset, string Record)> ArrayMembers(CField field, long offset)
    {
        if (field.Type is not { Kind: CKind.Array, Element: { } element } || field.IsBitField)
            return [];
        var start = offset + (field.OffsetBits / 8);
        return Range(field.Type.Count).SelectMany(i => element.Record is { } id
            ? Nested(element, start + (i * element.Size)).Prepend((start + (i * element.Size), id))
            : Nested(element, start + (i * element.Size)));
    }

    private static IEnumerable<long> Range(long count)
    {
        for (long i = 0; i < count; i++)
            yield return i;
    }

    private static Place? Element(Place at, string step)
    {
        if (at.Type is not { Kind: CKind.Array, Element: { } element, Count: var count })
            return null;
        if (step == "[]")
        {
            return at with
            {
                Key = at.Key + step, Type = element, SizeBits = element.Size * 8L,
                Dimensions = at.Dimensions.Add(new Dimension(count, element.Size)),
            };
        }

        var index = long.Parse(step.AsSpan(1, step.Length - 2), System.Globalization.CultureInfo.InvariantCulture);
        return index < 0 || index >= count
            ? null
            : at with { Key = at.Key + step, Type = element, SizeBits = element.Size * 8L, OffsetBits = at.OffsetBits + (index * element.Size * 8) };
    }

    private Place? Member(Place at, string record, string name)
    {
        if (Find(record) is not { } found)
            return null;
        var inUnion = at.InUnion || found.IsUnion;
        foreach (var field in found.Fields)
        {
            if (field.Name == name)
                return Inside(at, field, SlotOf(record, name), inUnion);
            if (field.Name.Length == 0 && field.Type.Record is { } anonymous
                && Member(Inside(at, field, at.Slot, inUnion), anonymous, name) is { } deeper)
                return deeper;
        }

        return null;
    }

    /// <summary>The member; for an anonymous one the designator stays as it is.</summary>
    public static Place Inside(Place at, CField field, Slot slot, bool inUnion) => at with
    {
        Key = field.Name.Length == 0 ? at.Key : at.Key.Length == 0 ? field.Name : $"{at.Key}.{field.Name}",
        OffsetBits = at.OffsetBits + field.OffsetBits, SizeBits = field.SizeBits, Type = field.Type, IsBitField = field.IsBitField,
        Slot = slot, InUnion = inUnion,
    };
}
