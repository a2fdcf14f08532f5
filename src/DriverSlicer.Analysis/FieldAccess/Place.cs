// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>Where a pointer is stored: a record's field by innermost record id and name, or a global variable (Field is empty).</summary>
internal readonly record struct Slot(string Owner, string Field);

/// <summary>Elements of an array: <c>Stride</c> bytes apart. Count is -1 if the type does not say.</summary>
internal readonly record struct Dimension(long Count, long Stride);

/// <summary>A member of a record or a global, however deep by value; with dimensions, all elements of the arrays on the way.</summary>
/// <param name="Key">Member designator with <c>[]</c> for each dimension: <c>ring[].desc</c>. Empty: the whole.</param>
/// <param name="InUnion">Some record on the way is a union, so that other members share the bytes.</param>
internal sealed record Place(
    string Key, long OffsetBits, long SizeBits, CType Type, bool IsBitField, ImmutableArray<Dimension> Dimensions, Slot Slot, bool InUnion)
{
    public long Offset => OffsetBits / 8;

    /// <summary>C designator of the (first) element.</summary>
    public string Path => Key.Replace("[]", "[0]", StringComparison.Ordinal);

    public static Place Whole(CType type, Slot slot = default) => new("", 0, type.Size * 8L, type, false, [], slot, false);
}
