// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>
/// Some functions of the user half with the pointers that flow among them: the closure of one entry point, or all of them. The
/// parts: <see cref="AccessReader"/> for member accesses, <see cref="CallEffects"/> for what is passed on,
/// <see cref="OriginEffects"/> for memory behind pointers to scalars, <see cref="Marker"/> for writing it down.
/// </summary>
internal sealed class Region
{
    private readonly Dictionary<Slot, List<(string Owner, Place Place, bool IsGlobal)>> addressed = [];

    private Region(UserHalf half, SlotFacts slots, PointerFlow flow)
    {
        (Half, Slots, Flow, Uses) = (half, slots, flow, new Uses(flow, half.Records));
    }

    public UserHalf Half { get; }

    public SlotFacts Slots { get; }

    public PointerFlow Flow { get; }

    public Uses Uses { get; }

    public Records Records => Half.Records;

    /// <summary>What can happen before an entry point returns.</summary>
    public static Uses Of(UserHalf half, SlotFacts slots, Function entry) => Read(half, slots, [entry], [entry]);

    /// <summary>Everything that the user half does.</summary>
    public static Uses Whole(UserHalf half, SlotFacts slots) => Read(half, slots, half.Own, half.Entries);

    private static Uses Read(UserHalf half, SlotFacts slots, ImmutableArray<Function> roots, ImmutableArray<Function> entries)
    {
        var functions = half.Closure(roots);
        var region = new Region(half, slots, PointerFlow.Of(half.Ground, functions, entries, half.IsWalked));
        region.FindAddressed();
        foreach (var function in functions)
            AccessReader.Read(region, function);
        CallEffects.Read(region);
        RecordViews.Read(region);
        Initialized.Read(region);
        return region.Uses;
    }

    public void Report(Trouble trouble, Function function, Location location, string message, string? next = null) =>
        Uses.Problems.Add(new Problem(trouble, function.Id, location, message) { Next = next });

    /// <summary>The places of which this is the address: those whose address the region takes by this member.</summary>
    public IEnumerable<(string Owner, Place Place, bool IsGlobal)> PlacesOf(Node address)
    {
        var isGlobal = address.Kind == NodeKind.GlobalAddress;
        var slot = new Slot(address.Owner, isGlobal ? "" : address.Field);
        if (addressed.TryGetValue(slot, out var found))
            return found;
        if (isGlobal)
            return Half.Global(address.Owner) is { } global ? [(global.Id, Place.Whole(global.Type, slot), true)] : [];
        return Records.Resolve(address.Owner, [address.Field]) is { } place ? [(address.Owner, place, false)] : [];
    }

    /// <summary>Memory of which nothing travels because it is mapped must be so wherever the pointer comes from.</summary>
    public void CheckMapped(Node node, Function function, Location location)
    {
        if (Slots.Mapped.LeadsElsewhere(node, function))
            Report(Trouble.MixedMemory, function, location, "a pointer leads to mapped memory (registers, or what the device writes to) here, and to other memory elsewhere");
        CheckMappers(Slots.Mapped.MappersOf(node, function), function, location);
    }

    public void CheckMapped(Slot slot, Function function, Location location)
    {
        if (Slots.Mapped.IsMixed(slot))
            Report(Trouble.MixedMemory, function, location, $"{OriginEffects.Text(this, slot)} holds pointers to mapped memory (registers, or what the device writes to), and others");
        CheckMappers(Slots.Mapped.MappersOf(slot), function, location);
    }

    private void CheckMappers(IEnumerable<string> mappers, Function function, Location location)
    {
        if (mappers.FirstOrDefault(m => !Half.Functions.Contains(m)) is { } other)
            Report(Trouble.Unmapped, function, location, $"it uses memory that {Half.Graph.Function(other)?.Name ?? other} maps in the kernel half");
    }

    private void FindAddressed()
    {
        foreach (var function in Flow.Functions)
        {
            foreach (var access in function.Facts.OfType<Access>().Where(a => a.Mode.HasFlag(AccessMode.Address)))
            {
                var global = access.Base.Kind == NodeKind.GlobalAddress ? Half.Global(access.Base.Owner) : null;
                if (access.Base.Kind == NodeKind.LocalAddress || (global is null && access.Record.Length == 0))
                    continue;
                if (Half.Ground.ArrayOf(access) is not { } place)
                    continue;
                // Members of a global are addressed by the global itself.
                var key = global is null ? place.Slot : new Slot(global.Id, "");
                if (!addressed.TryGetValue(key, out var list))
                    addressed[key] = list = [];
                list.Add((global?.Id ?? access.Record, place, global is not null));
            }
        }
    }
}
