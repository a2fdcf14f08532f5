// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>Turns the access facts of one function into uses.</summary>
internal static class AccessReader
{
    public static void Read(Region region, Function function)
    {
        var isAccessor = region.Half.Inlines.IsRegisterAccessor(function);
        foreach (var access in function.Facts.OfType<Access>())
        {
            if (access.Base.Kind == NodeKind.GlobalAddress)
                OfGlobal(region, function, access);
            else if (access.Record.Length > 0)
                OfRecord(region, function, access);
            else if (!isAccessor)
                OfScalar(region, function, access);
        }
    }

    private static void OfGlobal(Region region, Function function, Access access)
    {
        if (region.Half.Global(access.Base.Owner) is not { } global)
            return;
        if (access.Mode == AccessMode.Address && (global.IsExtern || GoesToDowncall(region, access)))
            return;
        if (region.Half.Ground.PlaceOf(access) is { } place)
            Note(region, function, access, global.Id, true, place);
        else
            region.Report(Trouble.Layout, function, access.Location, $"no member {string.Join('.', access.Path)} in {global.Name}");
    }

    private static void OfRecord(Region region, Function function, Access access)
    {
        var start = region.Flow.Canonical(access.Base, function);
        if (access.Base.Kind == NodeKind.LocalAddress || region.Flow.IsOnStack(start))
            return;
        if (region.Slots.IsNativeType(access.Record))
        {
            region.CheckMapped(access.Base, function, access.Location);
            if (access.Mode != AccessMode.Address && region.Records.HasPointers(access.Type))
                region.Report(Trouble.Unmapped, function, access.Location, $"{region.Records.Name(access.Record)} lies in mapped memory, where its pointers are not translated");
            return;
        }

        if (access.Mode == AccessMode.Address && GoesToDowncall(region, access))
            return;
        foreach (var origin in region.Flow.Origins(start))
            CheckOrigin(region, function, access, origin.Node);
        if (region.Half.Ground.PlaceOf(access) is { } place)
            Note(region, function, access, access.Record, false, place);
        else
            region.Report(Trouble.Layout, function, access.Location, $"no member {string.Join('.', access.Path)} in {region.Records.Name(access.Record)}");
    }

    private static void CheckOrigin(Region region, Function function, Access access, Node origin)
    {
        if (origin is { Kind: NodeKind.Constant, Field: "int" })
            region.Report(Trouble.MadePointer, function, access.Location, $"a {region.Records.Name(access.Record)} at an address made from a number");
        else if (origin.Kind == NodeKind.GlobalAddress && region.Half.Global(origin.Owner) is { IsExtern: true } global)
            region.Report(Trouble.KernelVariable, function, access.Location, $"{global.Name} is a variable of the kernel");
    }

    private static void Note(Region region, Function function, Access access, string owner, bool isGlobal, Place place)
    {
        var data = access.Mode & (AccessMode.Read | AccessMode.Write);
        if (data != AccessMode.None)
            Marker.Mark(region, owner, isGlobal, place, data, function, access.Location);
        if (!access.Mode.HasFlag(AccessMode.Address))
            return;
        if (region.Records.Elements(place) is { Type.Kind: CKind.Record })
            Marker.Embed(region, owner, isGlobal, region.Half.Ground.ArrayOf(access) ?? place, function, access.Location);
        else if (access.AddressUse is null && !IsFollowed(region, function, access))
            Marker.Mark(region, owner, isGlobal, place, AccessMode.Read | AccessMode.Write, function, access.Location);
    }

    /// <summary>Some move carries the address on, so that what is done through it will be seen there.</summary>
    private static bool IsFollowed(Region region, Function function, Access access) =>
        region.Half.Ground.Edges.Of(function).Any(e => e.From.Kind is NodeKind.FieldAddress or NodeKind.GlobalAddress && e.Location == access.Location);

    /// <summary>The kernel works on its own copy: the address is translated, nothing travels. Strings are read by their bytes, elsewhere.</summary>
    private static bool GoesToDowncall(Region region, Access access) =>
        access.AddressUse is { Kind: NodeKind.Param } use && region.Half.Graph.Function(use.Owner) is { } callee
        && region.Half.TargetOf(callee) == Target.Downcall && use.Index < callee.Parameters.Length;

    /// <summary><c>*p</c> for a pointer to a scalar, or to a pointer.</summary>
    private static void OfScalar(Region region, Function function, Access access)
    {
        var mode = access.Mode & (AccessMode.Read | AccessMode.Write);
        var start = region.Flow.Canonical(access.Base, function);
        if (mode == AccessMode.None || access.Base.Kind == NodeKind.LocalAddress || region.Flow.IsOnStack(start))
            return;
        var records = region.Flow.RecordsAt(start).ToArray();
        var origins = region.Flow.UntypedOrigins(start).ToArray();
        if (records.Length == 0 && origins.Length == 0)
            region.Report(Trouble.MadePointer, function, access.Location, "an access through a pointer whose origin is not known");
        if (records.Any(r => region.Slots.IsNativeType(r.Record)))
            region.CheckMapped(access.Base, function, access.Location);
        var effect = Effect.OfScalar(access.Type, mode, function, access.Location);
        // A subscript can be anything.
        foreach (var (record, offset) in records)
            OriginEffects.OnRecord(region, record, access.Indexed ? null : offset, effect);
        foreach (var origin in origins)
            OriginEffects.On(region, access.Indexed ? origin with { Offset = null } : origin, effect);
    }
}
