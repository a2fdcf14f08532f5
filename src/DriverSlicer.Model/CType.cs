// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace DriverSlicer.Model;

/// <summary>What a C type is, after typedefs are looked through.</summary>
public enum CKind { Void, Bool, Char, Int, Enum, Float, Pointer, Record, Array, Function, Unsupported }

/// <summary>
/// A C type, canonical (typedefs resolved). <see cref="Size"/> is in bytes, 0 when incomplete.
/// <see cref="Spelling"/> is C source that names the type where the driver's headers are visible.
/// </summary>
/// <param name="Record">USR-like id of the record for <see cref="CKind.Record"/>; key into <see cref="DriverModel.Records"/>.</param>
/// <param name="Element">Pointee, array element, or function result.</param>
/// <param name="Count">Array length in elements; -1 for a flexible or unknown bound.</param>
public sealed record CType(
    CKind Kind, int Size, string Spelling, bool IsConst = false, bool IsSigned = false,
    string? Record = null, CType? Element = null, long Count = 0)
{
    public static readonly CType Void = new(CKind.Void, 0, "void");

    [JsonIgnore] public bool IsPointer => Kind == CKind.Pointer;
    [JsonIgnore] public bool IsVoidPointer => IsPointer && Element is { Kind: CKind.Void };
    [JsonIgnore] public bool IsFunctionPointer => IsPointer && Element is { Kind: CKind.Function };
    [JsonIgnore] public bool IsScalar => Kind is CKind.Bool or CKind.Char or CKind.Int or CKind.Enum;

    /// <summary>The record id behind one pointer, or null.</summary>
    [JsonIgnore] public string? PointeeRecord => IsPointer && Element is { Kind: CKind.Record } ? Element.Record : null;
}

/// <summary>One member of a record. Offsets and widths are in bits because of bit-fields.</summary>
/// <param name="Name">Empty for an anonymous struct or union member.</param>
public sealed record CField(string Name, long OffsetBits, long SizeBits, CType Type, bool IsBitField = false);

/// <summary>A struct or union with its layout as the kernel's own compile command gives it.</summary>
/// <param name="Id">Stable key: the USR.</param>
/// <param name="Spelling">C source naming it (<c>struct pci_dev</c>), or empty when it has no name of its own.</param>
/// <param name="Size">Bytes; 0 when the definition was not seen (incomplete).</param>
/// <param name="InDriver">Declared in one of the driver's own files.</param>
public sealed record CRecord(
    string Id, string Spelling, int Size, bool IsUnion, bool IsComplete, bool InDriver,
    ImmutableArray<CField> Fields, Location Location)
{
    /// <summary>The first of the driver's files that sees the definition; without one, the first that mentions the record.</summary>
    public string SeenIn { get; init; } = "";
}
