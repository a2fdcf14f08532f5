// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>Writes down that a place is read, written or visited in place.</summary>
internal static class Marker
{
    public static void Mark(Region region, string owner, bool isGlobal, Place place, AccessMode mode, Function function, Location location)
    {
        if (isGlobal ? !IsShared(region, owner, function, location, mode) : region.Slots.IsNativeType(owner))
            return;
        if (place.Type is { Kind: CKind.Array, Count: < 0 } || place.Dimensions.Any(d => d.Count <= 0))
        {
            ReportOpen(region, owner, isGlobal, place, function, location);
            return;
        }

        if (place.Type.Kind is CKind.Record or CKind.Array)
        {
            var leaves = Leaves.Of(region.Records, place, out var trouble);
            foreach (var leaf in leaves)
                MarkLeaf(region, owner, isGlobal, leaf, mode, function, location);
            if (trouble is not null)
                region.Report(Trouble.Union, function, location, $"{Name(region, owner, isGlobal)} moves as a whole, and {trouble}");
            return;
        }

        if (place.Type.Kind is CKind.Float or CKind.Unsupported or CKind.Function)
            region.Report(Trouble.Layout, function, location, $"{Name(region, owner, isGlobal)}.{place.Key} is of type {place.Type.Spelling}");
        else
            MarkLeaf(region, owner, isGlobal, place, mode, function, location);
    }

    public static void MarkWhole(Region region, string record, AccessMode mode, Function function, Location location)
    {
        if (region.Records.Whole(record) is { } whole && region.Records.IsObject(record))
            Mark(region, record, false, whole, mode, function, location);
        else if (!region.Slots.IsNativeType(record))
            region.Report(Trouble.Layout, function, location, $"the layout of {region.Records.Name(record)} is not known");
    }

    public static void Embed(Region region, string owner, bool isGlobal, Place place, Function function, Location location)
    {
        if (isGlobal ? !IsShared(region, owner, function, location) : region.Slots.IsNativeType(owner))
            return;
        if (region.Records.Elements(place) is not { Type.Record: { } nested } element || !region.Records.IsObject(nested))
            return;
        // Without a name it cannot be a type of the plan: what is done through the address is seen as done to the member.
        if (!region.Records.IsNamedObject(nested))
            return;
        if (element.Dimensions.Any(d => d.Count <= 0))
            ReportOpen(region, owner, isGlobal, element, function, location);
        else
            Of(region, owner, isGlobal, element).IsEmbed = true;
    }

    public static void ReportOpen(Region region, string owner, bool isGlobal, Place place, Function function, Location location) =>
        region.Report(
            Trouble.FlexibleArray, function, location, $"the type does not tell how many elements {Name(region, owner, isGlobal)}.{place.Key} has");

    public static string Name(Region region, string owner, bool isGlobal) =>
        isGlobal ? region.Half.Global(owner)?.Name ?? owner : region.Records.Name(owner);

    /// <summary>A variable that both halves have as one. Constants are not: each half reads its own copy.</summary>
    private static bool IsShared(Region region, string id, Function function, Location location, AccessMode mode = AccessMode.Address)
    {
        if (region.Half.Global(id) is not { } global)
            return false;
        if (mode == AccessMode.Read && region.Half.Ground.IsLive(global) && region.Half.Ground.IsUnitText(function))
            return false; // the user half reads a clock of its own
        if (global.IsExtern)
            region.Report(Trouble.KernelVariable, function, location, $"{global.Name} is a variable of the kernel");
        else if (global is { IsConst: false, Function: not null, InMacro: not null, Type.Kind: CKind.Bool })
            return false; // "once" flags: each half has its own
        else if (global is { IsConst: false, Function: not null, InMacro: { } macro })
            region.Report(Trouble.MacroStatic, function, location, $"macro {macro} keeps state in a static variable, {global.Name}");
        else if (global is { IsConst: false, Function: { } owner } && (global.Type.Spelling.Length == 0 || !region.Half.Ground.IsOwnText(owner)))
            region.Report(Trouble.LocalStatic, function, location, $"static variable {global.Name} is local to a function");
        else
            return !global.IsConst;
        return false;
    }

    private static void MarkLeaf(
        Region region, string owner, bool isGlobal, Place place, AccessMode mode, Function function, Location location)
    {
        if (!isGlobal && region.Records.Find(owner) is { Spelling.Length: 0 })
        {
            region.Report(Trouble.Layout, function, location, $"{place.Path} belongs to a record without a name");
            return;
        }

        var use = Of(region, owner, isGlobal, place);
        if (mode.HasFlag(AccessMode.Read))
        {
            use.In = true;
            use.Readers.TryAdd(function.Id, location);
        }

        if (mode.HasFlag(AccessMode.Write))
        {
            use.Out = true;
            use.Writers.TryAdd(function.Id, location);
        }
    }

    private static Use Of(Region region, string owner, bool isGlobal, Place place) =>
        Uses.Of(isGlobal ? region.Uses.Globals : region.Uses.Records, owner, place);
}
