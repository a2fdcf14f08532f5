// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>container_of, private areas, casts and array walks: which objects lead to which others without a pointer.</summary>
internal static class RecordViews
{
    public static void Read(Region region)
    {
        foreach (var conversion in Views.Conversions(region.Flow, region.Records))
            Derive(region, conversion);
        foreach (var reveal in region.Uses.Reveals.SelectMany(g => g))
            Check(region, reveal);
        foreach (var (origin, function, location) in Views.Indexed(region.Flow, region.Records))
            Index(region, origin, function, location);
    }

    private static void Derive(Region region, Conversion conversion)
    {
        var (edge, from, offset, to) = conversion;
        if (region.Slots.IsNativeType(from) || region.Slots.IsNativeType(to))
            return;
        // The address of a member of a variable: that member is visited in place.
        if (edge.From.Kind == NodeKind.GlobalAddress)
            return;
        if (offset is not { } known)
        {
            region.Report(
                Trouble.OtherView, edge.In, edge.Location,
                $"a pointer to {region.Records.Name(to)} is made from one to {region.Records.Name(from)} at an offset that is not constant");
            return;
        }

        // Nobody can look behind a pointer to a record without a definition.
        if (!region.Records.IsObject(to))
            return;
        if (!region.Records.IsObject(from))
        {
            region.Report(
                Trouble.Layout, edge.In, edge.Location,
                $"a pointer to {region.Records.Name(from)}, which has no definition, is turned into one to {region.Records.Name(to)}");
            return;
        }

        if (!region.Uses.Derived.TryGetValue(from, out var derived))
            region.Uses.Derived[from] = derived = [];
        derived.Add((known, to));
    }

    private static void Check(Region region, Reveal reveal)
    {
        var (edge, (origin, offset), record) = reveal;
        var name = region.Records.Name(record);
        switch (origin.Kind)
        {
            case NodeKind.Constant:
                region.Report(Trouble.MadePointer, edge.In, edge.Location, $"a pointer to {name} is made from a number");
                break;
            case NodeKind.Literal or NodeKind.GlobalAddress:
                region.Report(Trouble.OtherView, edge.In, edge.Location, $"bytes are seen as a {name}");
                break;
            case NodeKind.Field or NodeKind.Global:
                var slot = SlotFacts.SlotOf(origin)!.Value;
                if (!region.Slots.IsNative(slot) && (offset != 0 || !region.Slots.IsUntyped(slot)))
                    region.Report(Trouble.OtherView, edge.In, edge.Location, $"bytes behind {OriginEffects.Text(region, slot)} are seen as a {name}");
                break;
            case NodeKind.Param:
                if (offset != 0 || region.Half.Graph.Function(origin.Owner)?.Parameters.ElementAtOrDefault(origin.Index)?.Type.IsVoidPointer != true)
                    region.Report(Trouble.OtherView, edge.In, edge.Location, $"bytes behind a parameter are seen as a {name}");
                break;
            case NodeKind.Temp:
                if (!region.Slots.IsMapped(origin) && (offset != 0 || region.Flow.CallOf(origin)?.ResultType.IsVoidPointer != true))
                    region.Report(Trouble.OtherView, edge.In, edge.Location, $"bytes that a call returned are seen as a {name}");
                break;
        }
    }

    private static void Index(Region region, Node origin, Function function, Location location)
    {
        if (SlotFacts.SlotOf(origin) is { } slot)
            region.Uses.Slot(slot).NoteIndex(function, location);
        else if (origin.Kind == NodeKind.Temp && region.Slots.IsAllocation(origin))
            IndexAllocation(region, origin, function, location);
        else if (origin.Kind == NodeKind.Temp && !region.Slots.IsMapped(origin) && region.Flow.CallOf(origin) is { } call
            && region.Half.Graph.Function(origin.Owner) is { } caller)
            region.Report(
                Trouble.UnknownResult, caller, call.Location,
                $"how many elements are behind the result of {string.Join(" or ", region.Half.Callees(call).Select(c => c.Name))} is not known", OriginEffects.LineFor(region, call));
        else if (origin.Kind == NodeKind.Param && region.Half.Functions.Contains(origin.Owner))
            region.Uses.IndexedParameters.Add(origin);
    }

    private static void IndexAllocation(Region region, Node origin, Function function, Location location)
    {
        if (!region.Uses.Allocations.TryGetValue(origin, out var use))
            region.Uses.Allocations[origin] = use = new MemoryUse();
        use.NoteIndex(function, location);
    }
}
