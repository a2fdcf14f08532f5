// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>
/// Device registers and coherent memory: the process sees the memory itself, so nothing behind a pointer to it travels. That is right only
/// for pointers that never lead elsewhere, and only if the user half did the mapping: the runtime learns of it from the downcall.
/// </summary>
internal sealed class MappedMemory
{
    private readonly Ground ground;
    private readonly PointerFlow flow;
    private readonly Dictionary<Slot, SortedSet<string>> slots = [];
    private readonly SortedDictionary<string, SortedSet<string>> types = new(StringComparer.Ordinal);
    private readonly HashSet<Slot> mixed = [];

    /// <param name="flow">Of the whole driver.</param>
    /// <param name="stores">What is put into each field and variable.</param>
    public MappedMemory(Ground ground, PointerFlow flow, IReadOnlyDictionary<Slot, List<Origin>> stores)
    {
        (this.ground, this.flow) = (ground, flow);
        var seen = Views.Reveals(flow, ground.Records).Select(r => (r.Record, r.Origin.Node)).Concat(Accessed()).Distinct().ToArray();
        // What is stored in one field may come from another, or be the address of a descriptor's member.
        bool grew;
        do
        {
            grew = false;
            foreach (var (slot, origins) in stores)
                foreach (var origin in origins)
                    grew |= Add(slots, slot, MappersOf(origin.Node));
            foreach (var (record, origin) in seen)
                grew |= Add(types, record, MappersOf(origin));
        }
        while (grew);

        while (stores.Where(s => Holds(s.Key) && s.Value.Any(o => !IsOnlyMapped(o.Node))).Select(s => s.Key).ToArray() is var found
            && found.Count(mixed.Add) > 0)
        {
        }
    }

    /// <summary>The field or variable holds addresses of mapped memory.</summary>
    public bool Holds(Slot slot) => slots.ContainsKey(slot);

    /// <summary>The layout of registers or of descriptors.</summary>
    public bool IsType(string record) => types.ContainsKey(record);

    /// <summary>The result of a call that maps registers or allocates coherent memory.</summary>
    public bool IsResult(Node node) => ground.Edges.CallOf(node) is { } call
        && ground.Callees(call).Select(ground.Rule).Any(r => r.MmioSize is not null || r.Coherent);

    /// <summary>What the pointer can lead to, as far as it is mapped: driver functions that did that. Empty: it leads elsewhere.</summary>
    public ImmutableSortedSet<string> MappersOf(Node node, Function function) =>
        OriginsOf(node, function).SelectMany(o => MappersOf(o.Node)).ToImmutableSortedSet(StringComparer.Ordinal);

    public IEnumerable<string> MappersOf(Slot slot) => slots.GetValueOrDefault(slot, []);

    /// <summary>It holds other addresses too.</summary>
    public bool IsMixed(Slot slot) => mixed.Contains(slot);

    /// <summary>Some place that the pointer can come from is no mapped memory, and no NULL.</summary>
    public bool LeadsElsewhere(Node node, Function function)
    {
        var origins = OriginsOf(node, function).ToArray();
        return origins.Length == 0 || origins.Any(o => !IsOnlyMapped(o.Node));
    }

    /// <summary>Records and where their accesses' addresses come from: a descriptor may be seen as another one, or as what lies in it.</summary>
    private IEnumerable<(string Record, Node Origin)> Accessed() =>
        from function in flow.Functions
        from access in function.Facts.OfType<Access>()
        where access.Record.Length > 0 && access.Base.Kind is not (NodeKind.LocalAddress or NodeKind.GlobalAddress)
        from origin in flow.Origins(flow.Canonical(access.Base, function))
        select (access.Record, origin.Node);

    private IEnumerable<Origin> OriginsOf(Node node, Function function) => flow.Origins(flow.Canonical(node, function));

    private bool IsOnlyMapped(Node node) =>
        IsHarmless(node) || (MappersOf(node).Any() && (SlotFacts.SlotOf(node) is not { } slot || !mixed.Contains(slot)));

    private IEnumerable<string> MappersOf(Node node) => node.Kind switch
    {
        NodeKind.Temp when IsResult(node) => DriverFunctions(node.Owner),
        NodeKind.Field or NodeKind.Global => slots.GetValueOrDefault(SlotFacts.SlotOf(node)!.Value, []),
        NodeKind.FieldAddress => types.GetValueOrDefault(node.Owner, []),
        _ => [],
    };

    /// <summary>NULL and errors; the stack; parameters that only the driver itself fills, whose values are origins of their own.</summary>
    private bool IsHarmless(Node node) => node.Kind switch
    {
        NodeKind.Constant => node.Field.Length == 0,
        NodeKind.LocalAddress => true,
        NodeKind.Param => ground.IsFilledByDriver(node.Owner),
        _ => false,
    };

    private IEnumerable<string> DriverFunctions(string function)
    {
        var seen = new HashSet<string> { function };
        var work = new Queue<string>([function]);
        while (work.TryDequeue(out var current))
        {
            if (ground.Graph.Function(current) is { Origin: FunctionOrigin.Driver })
                yield return current;
            else
                foreach (var caller in ground.Graph.In(current).Select(e => e.Caller.Id).Where(seen.Add))
                    work.Enqueue(caller);
        }
    }

    private static bool Add<T>(IDictionary<T, SortedSet<string>> map, T key, IEnumerable<string> more)
    {
        var news = more.ToArray();
        if (news.Length == 0)
            return false;
        if (!map.TryGetValue(key, out var known))
            map[key] = known = new SortedSet<string>(StringComparer.Ordinal);
        return news.Count(known.Add) > 0;
    }
}
