// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>Memory behind a pointer to scalars is read or written.</summary>
/// <param name="Type">What is moved at once, if that is known.</param>
/// <param name="Size">Bytes from the pointer on; null for any number.</param>
/// <param name="IsString">Up to a NUL.</param>
internal sealed record Effect(CType? Type, long? Size, AccessMode Mode, bool IsString, Function Function, Location Location)
{
    public bool IsPointer => Type is { IsPointer: true };

    public static Effect OfScalar(CType type, AccessMode mode, Function function, Location location) =>
        new(type, type.Size > 0 ? type.Size : null, mode, false, function, location);

    public static Effect OfBytes(long? size, AccessMode mode, Function function, Location location) =>
        new(null, size, mode, false, function, location);

    public static Effect OfString(Function function, Location location) => new(null, null, AccessMode.Read, true, function, location);
}

/// <summary>Decides whose memory it is: that is where the pointer comes from.</summary>
internal static class OriginEffects
{
    private const long OpenElementsMax = 256;

    public static void On(Region region, Origin origin, Effect effect)
    {
        var node = origin.Node;
        switch (node.Kind)
        {
            case NodeKind.LocalAddress or NodeKind.Literal or NodeKind.FunctionAddress:
            case NodeKind.Constant when node.Field.Length == 0:
                break;
            case NodeKind.Constant:
                region.Report(Trouble.MadePointer, Owner(region, node.Owner, effect), effect.Location, "an access to an address made from a number");
                break;
            case NodeKind.FieldAddress or NodeKind.GlobalAddress:
                foreach (var (owner, place, isGlobal) in region.PlacesOf(node))
                    OnPlace(region, owner, isGlobal, place, origin.Offset, effect);
                break;
            case NodeKind.Field or NodeKind.Global:
                OnSlot(region, SlotFacts.SlotOf(node)!.Value, origin.Offset, effect);
                break;
            case NodeKind.Param:
                OnParameter(region, node, origin.Offset, effect);
                break;
            case NodeKind.Temp:
                OnResult(region, node, origin.Offset, effect);
                break;
        }
    }

    /// <summary>A record seen as bytes or numbers.</summary>
    public static void OnRecord(Region region, string record, long? offset, Effect effect)
    {
        if (region.Slots.IsNativeType(record))
            return;
        if (effect is { Type: { Kind: not CKind.Void, Size: > 0 and var size } type } && offset is { } at
            && Leaves.At(region.Records, record, at, size) is { } leaf && leaf.Type.IsPointer == type.IsPointer)
            Marker.Mark(region, record, false, leaf, effect.Mode, effect.Function, effect.Location);
        else if (effect is { IsString: false, Type: { IsScalar: true } } && region.Records.Whole(record) is { } whole && region.Records.IsNamedObject(record))
            OnComputed(region, record, whole, effect);
        else if (!region.Records.HasPointers(record))
            Marker.MarkWhole(region, record, effect.Mode, effect.Function, effect.Location);
        else
            region.Report(Trouble.OtherView, effect.Function, effect.Location, $"{region.Records.Name(record)}, which holds pointers, is seen as bytes");
    }

    /// <summary>A number at an offset that is computed (tables of offsetof()) can be any of the record's numbers; only what was written goes back.</summary>
    private static void OnComputed(Region region, string record, Place whole, Effect effect)
    {
        var leaves = Leaves.ScalarsOf(region.Records, whole, out var trouble);
        foreach (var leaf in leaves)
            Marker.Mark(region, record, false, leaf, effect.Mode, effect.Function, effect.Location);
        if (trouble is not null)
            region.Report(Trouble.OtherView, effect.Function, effect.Location, $"{region.Records.Name(record)} is used at a computed offset, and {trouble}");
    }

    private static void OnPlace(Region region, string owner, bool isGlobal, Place place, long? offset, Effect effect)
    {
        if (place.Type is { Kind: CKind.Array, Count: <= 0 })
        {
            OnOpenArray(region, owner, isGlobal, place, offset + effect.Size, effect);
            return;
        }

        var element = region.Records.Elements(place);
        if (element?.Type is { Kind: CKind.Record } type && region.Records.IsNamedObject(type.Record))
            return; // seen as its record, or as a record in other clothes: RecordsAt has it
        if (element is { Type.Kind: not CKind.Record } && element.Type.IsPointer != effect.IsPointer && effect.Type is not null)
            region.Report(Trouble.OtherView, effect.Function, effect.Location, $"{Marker.Name(region, owner, isGlobal)}.{place.Path} is seen as another type");
        else
            Marker.Mark(region, owner, isGlobal, place, effect.Mode, effect.Function, effect.Location);
    }

    /// <summary>An array without a length, of which elements at constant places are used.</summary>
    private static void OnOpenArray(Region region, string owner, bool isGlobal, Place place, long? end, Effect effect)
    {
        var size = place.Type.Element!.Size;
        var whole = region.Records.Find(owner)?.Size ?? 0;
        if (effect.IsString || size == 0 || !place.Dimensions.IsEmpty || end is not (> 0 and <= OpenElementsMax) || place.Offset + end > whole)
        {
            Marker.ReportOpen(region, owner, isGlobal, place, effect.Function, effect.Location);
            return;
        }

        for (long i = 0; i * size < end; i++)
            Marker.Mark(
                region, owner, isGlobal,
                place with { Key = $"{place.Key}[{i}]", OffsetBits = place.OffsetBits + (i * size * 8), SizeBits = size * 8L, Type = place.Type.Element },
                effect.Mode, effect.Function, effect.Location);
    }

    private static void OnSlot(Region region, Slot slot, long? offset, Effect effect)
    {
        if (region.Slots.IsNative(slot))
        {
            region.CheckMapped(slot, effect.Function, effect.Location);
            if (effect.IsPointer)
                region.Report(Trouble.Unmapped, effect.Function, effect.Location, $"{Text(region, slot)} leads to mapped memory, where pointers are not translated");
            return;
        }

        if (effect.IsPointer)
        {
            region.Report(
                Trouble.PointerToPointer, effect.Function, effect.Location, $"{Text(region, slot)} points to pointers, whose number is not known");
            return;
        }

        region.Uses.Slot(slot).Note(effect, offset);
    }

    private static void OnParameter(Region region, Node node, long? offset, Effect effect)
    {
        if (region.Half.Graph.Function(node.Owner) is not { } function || node.Index >= function.Parameters.Length)
            return;
        if (effect.IsPointer)
        {
            region.Report(
                Trouble.EntryParameter, function, function.Location,
                $"parameter {Name(function.Parameters[node.Index], node.Index)} of entry point {function.Name} points to pointers");
            return;
        }

        if (!region.Uses.Parameters.TryGetValue(node, out var use))
            region.Uses.Parameters[node] = use = new MemoryUse();
        use.Note(effect, offset);
    }

    private static void OnResult(Region region, Node node, long? offset, Effect effect)
    {
        if (region.Slots.IsMapped(node) || region.Flow.CallOf(node) is not { } call)
            return;
        if (call.ResultType.IsString() && effect is { IsPointer: false, Mode: AccessMode.Read })
            return;
        if (region.Slots.IsAllocation(node) && !effect.IsPointer)
        {
            if (!region.Uses.Allocations.TryGetValue(node, out var use))
                region.Uses.Allocations[node] = use = new MemoryUse();
            use.Note(effect, offset);
            return;
        }

        region.Report(
            effect.IsPointer ? Trouble.PointerToPointer : Trouble.UnknownResult, Owner(region, node.Owner, effect), call.Location,
            $"how much memory is behind the result of {string.Join(" or ", region.Half.Callees(call).Select(c => c.Name))} is not known",
            effect.IsPointer ? null : LineFor(region, call));
    }

    /// <summary>A rule that could say it; null if there is none, or several functions may be called.</summary>
    public static string? LineFor(Region region, Call call) => region.Half.Callees(call).ToArray() is [var callee] ? LinesToPaste.Result(callee, region.Half.Inlines.HasRule(callee)) : null;

    public static string Text(Region region, Slot slot) =>
        slot.Field.Length == 0 ? region.Half.Global(slot.Owner)?.Name ?? slot.Owner : region.Records.Text(slot);

    public static string Name(Parameter parameter, int index) => parameter.Name.Length > 0 ? parameter.Name : $"#{index}";

    private static Function Owner(Region region, string id, Effect effect) => region.Half.Graph.Function(id) ?? effect.Function;
}
