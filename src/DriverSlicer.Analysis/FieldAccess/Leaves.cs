// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>
/// The scalars and pointers that a whole object consists of (struct assignment, memset). Members of a union are all of them;
/// that is sound only while none is a pointer, or all are.
/// </summary>
internal static class Leaves
{
    /// <param name="trouble">Why the object cannot travel as a whole, or null.</param>
    public static ImmutableArray<Place> Of(Records records, Place place, out string? trouble)
    {
        var leaves = ImmutableArray.CreateBuilder<Place>();
        trouble = Add(records, place, leaves);
        return leaves.ToImmutable();
    }

    /// <summary>All numbers in the object, its pointers left out.</summary>
    /// <param name="trouble">Some bytes are a number or a pointer, or unknown.</param>
    public static ImmutableArray<Place> ScalarsOf(Records records, Place place, out string? trouble) =>
        [.. Of(records, place, out trouble).Where(l => !l.Type.IsPointer)];

    /// <summary>The leaf at exactly these bytes of a record, or null.</summary>
    public static Place? At(Records records, string record, long offset, long size) =>
        records.Whole(record) is { } whole
            ? Of(records, whole, out _).FirstOrDefault(l => l is { IsBitField: false } && Covers(l, offset, size))
            : null;

    private static bool Covers(Place leaf, long offset, long size)
    {
        if (leaf.Dimensions.IsEmpty)
            return offset >= leaf.Offset && offset + size <= leaf.Offset + (leaf.SizeBits / 8);
        var outer = leaf.Dimensions[0];
        return !leaf.Type.IsPointer && offset >= leaf.Offset && offset + size <= leaf.Offset + (outer.Count * outer.Stride);
    }

    private static string? Add(Records records, Place place, ImmutableArray<Place>.Builder leaves)
    {
        switch (place.Type.Kind)
        {
            case CKind.Array:
                // A flexible array is not part of the object's value.
                return place.Type.Count <= 0 ? null : Add(records, records.Step(place, "[]")!, leaves);
            case CKind.Record:
                return AddRecord(records, place, leaves);
            case CKind.Unsupported or CKind.Function or CKind.Float:
                return $"it holds {place.Path}, of type {place.Type.Spelling}";
            default:
                leaves.Add(place);
                return null;
        }
    }

    private static string? AddRecord(Records records, Place place, ImmutableArray<Place>.Builder leaves)
    {
        if (records.Find(place.Type.Record) is not { IsComplete: true } record || (record.Fields.IsEmpty && record.Size > 0))
            return $"the layout of {place.Type.Spelling} is not known";
        var members = record.Fields.Where(f => f.Name.Length > 0 || f.Type.Record is not null).ToArray();
        if (record.IsUnion && members.Any(f => records.HasPointers(f.Type)) && !members.All(f => f.Type.IsPointer))
            return $"{(place.Path.Length == 0 ? "it" : place.Path)} is a union of pointers and other members";
        foreach (var field in members)
        {
            var slot = field.Name.Length == 0 ? place.Slot : records.SlotOf(record.Id, field.Name);
            if (Add(records, Records.Inside(place, field, slot, place.InUnion || record.IsUnion), leaves) is { } trouble)
                return trouble;
        }

        return null;
    }
}
