// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>A <see cref="FieldPlan"/> whose type is still named by record id, because types get their numbers last.</summary>
internal sealed record FieldDraft(Use Use, string Path, long Offset, long Size, long Count, long Stride, FieldKind Kind, string? Record, bool In, bool Out)
{
    public long End => Offset + (Stride * (Count - 1)) + Size;

    /// <summary>Other members share its bytes.</summary>
    public bool InUnion { get; init; } = Use.Place.InUnion;

    public bool IsPointer => Kind is not (FieldKind.Bytes or FieldKind.Bits or FieldKind.Embed);

    /// <summary>PtrFunc: what it can name.</summary>
    public ImmutableArray<string> Functions { get; init; } = [];

    /// <summary>A number may be stored there, too.</summary>
    public bool Cookie { get; init; }

    public FieldPlan Finish(Func<string, int> typeOf, FunctionSets sets) => new(
        Path, (int)Offset, (int)Size, (int)Count, (int)Stride, Kind, Record is null ? -1 : typeOf(Record), In, Out)
    {
        Functions = Kind == FieldKind.PtrFunc ? sets.NumberOf(Functions) : -1,
        Cookie = Cookie && Kind is FieldKind.PtrOpaque or FieldKind.PtrAny,
    };
}
