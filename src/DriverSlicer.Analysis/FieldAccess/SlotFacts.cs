// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>
/// What pointer fields and globals hold, over the whole driver with both its halves: contents outlive the call that stored them,
/// so no single closure can tell.
/// </summary>
internal sealed class SlotFacts
{
    private readonly Ground ground;
    private readonly PointerFlow flow;
    private readonly Dictionary<Slot, SortedSet<string>> types = [];
    private readonly Dictionary<Slot, List<Origin>> stores = [];
    /// <summary>What record a store puts there, where that is known.</summary>
    private readonly Dictionary<(Slot, Origin), HashSet<string>> stored = [];
    private readonly HashSet<(string Function, int Index)> stackArguments = [];

    private SlotFacts(Ground ground)
    {
        this.ground = ground;
        var bodies = ground.Graph.Model.Functions.Where(HasBody).ToImmutableArray();
        flow = PointerFlow.Of(ground, bodies, bodies.Where(f => f.Origin != FunctionOrigin.HeaderInline), HasBody);
        NoteStores();
        NoteInitializers();
        foreach (var reveal in Views.Reveals(flow, ground.Records))
            if (SlotOf(reveal.Origin.Node) is { } slot)
                Note(slot, reveal.Record);
        Settle();
        foreach (var edge in flow.Edges)
            if (edge.To.Kind == NodeKind.Param && flow.Origins(edge.From).Any(o => o.Node.Kind == NodeKind.LocalAddress))
                stackArguments.Add((edge.To.Owner, edge.To.Index));
        Mapped = new MappedMemory(ground, flow, stores);
    }

    public MappedMemory Mapped { get; }

    public static SlotFacts Of(Ground ground) => new(ground);

    public static Slot? SlotOf(Node node) => node.Kind switch
    {
        NodeKind.Field => new Slot(node.Owner, node.Field),
        NodeKind.Global => new Slot(node.Owner, ""),
        _ => null,
    };

    /// <summary>Records that an untyped pointer field is used for, sorted.</summary>
    public ImmutableArray<string> Types(Slot slot) =>
        Promised(slot) is { IsString: false } choice ? [.. ground.Graph.Model.Records.Where(r => r.Spelling == choice.Is).Select(r => r.Id).Take(1)]
        : types.TryGetValue(slot, out var found) ? [.. found] : [];

    /// <summary>Everything that is put into the places of this name, or taken out, is this record: there is nothing to promise.</summary>
    public bool IsAlways(string name, string record) =>
        types.Where(t => ground.NameOf(t.Key) == name).SelectMany(t => t.Value).ToArray() is { Length: > 0 } all
        && all.All(id => ground.Records.Find(id)?.Spelling == record);

    /// <summary>What slice.toml says of it.</summary>
    public PointerChoice? Promised(Slot slot) =>
        ground.Specs.Choices.Pointers.IsEmpty ? null : ground.Specs.Choices.Pointers.FirstOrDefault(p => p.Name == ground.NameOf(slot));

    /// <summary>Holds addresses of register windows or coherent memory, which are mapped.</summary>
    public bool IsNative(Slot slot) => Mapped.Holds(slot);

    /// <summary>The layout of registers or of descriptors in coherent memory.</summary>
    public bool IsNativeType(string record) => Mapped.IsType(record);

    public bool HoldsLiteral(Slot slot) => stores.GetValueOrDefault(slot, []).Any(o => o.Node.Kind == NodeKind.Literal);

    /// <summary>Every store puts an allocation that the user half itself makes there, or a variable of the driver: lengths are known at run time.</summary>
    public bool IsOwnMemory(Slot slot, IReadOnlySet<string> userFunctions) => IsOwnMemory(slot, null, userFunctions, []);

    /// <summary>The same of those stores that may put this record there.</summary>
    public bool IsOwnMemory(Slot slot, string record, IReadOnlySet<string> userFunctions) => IsOwnMemory(slot, record, userFunctions, []);

    /// <summary>Some call gives the function the address of a local variable.</summary>
    public bool IsPassedOnStack(Function callee, int index) => stackArguments.Contains((callee.Id, index));

    /// <summary>The driver's text puts numbers there, or what cannot be followed (a table that is initialised with them).</summary>
    public bool TakesNumbers(Slot slot)
    {
        var stores = Stores(slot).ToArray();
        return stores.Length == 0 || stores.Any(o => o.Node is { Kind: NodeKind.Constant, Field.Length: > 0 } or { Kind: NodeKind.Deref }) || IsInTable(slot);
    }

    /// <summary>Some initialised variable has fewer addresses there than such records: a number leaves no fact.</summary>
    private bool IsInTable(Slot slot) => slot.Field.Length > 0 && ground.Graph.Model.Globals.Any(g =>
        g.Initializer.Any(i => i.Record == slot.Owner) && g.Initializer.Count(i => i.Record == slot.Owner && i.Field == slot.Field) < Math.Max(g.Type.Count, 1));

    public IEnumerable<Origin> Stores(Slot slot) => stores.GetValueOrDefault(slot, []);

    /// <summary>The result of a call that maps registers or allocates coherent memory: the process sees the memory itself.</summary>
    public bool IsMapped(Node result) => Mapped.IsResult(result);

    public bool IsAllocation(Node result) => RulesOf(result).Any(r => r is { AllocSize: not null, Coherent: false });

    private IEnumerable<FunctionRule> RulesOf(Node result) =>
        ground.Edges.CallOf(result) is { } call ? ground.Callees(call).Select(ground.Rule) : [];

    private bool HasBody(Function function) =>
        function.Origin is FunctionOrigin.Driver or FunctionOrigin.Macro or FunctionOrigin.HeaderInline
        && ground.Rule(function) is { AllocSize: null, MmioSize: null, Coherent: false } && !ground.Inlines.IsReplaced(function);

    private bool IsOwnMemory(Slot slot, string? record, IReadOnlySet<string> userFunctions, HashSet<Slot> asked)
    {
        if (!asked.Add(slot))
            return true;
        var all = stores.GetValueOrDefault(slot, []);
        return all.Count > 0 && all.Where(o => record is null || !stored.TryGetValue((slot, o), out var known) || known.Contains(record)).All(o => o.Node.Kind switch
        {
            NodeKind.Constant => o.Node.Field.Length == 0,
            NodeKind.Temp => IsAllocation(o.Node) && userFunctions.Contains(o.Node.Owner),
            NodeKind.GlobalAddress => ground.Global(o.Node.Owner) is { IsExtern: false },
            NodeKind.Field or NodeKind.Global => IsOwnMemory(SlotOf(o.Node)!.Value, record, userFunctions, asked),
            NodeKind.Param => ground.IsFilledByDriver(o.Node.Owner),
            _ => false,
        });
    }

    private void NoteStores()
    {
        foreach (var edge in flow.Edges)
        {
            if (SlotOf(edge.To) is not { } slot || !edge.ToType.IsPointer)
                continue;
            if (!stores.TryGetValue(slot, out var list))
                stores[slot] = list = [];
            var origins = flow.Origins(edge.From).Select(o => o with { Offset = o.Offset + edge.Offset }).Where(o => SlotOf(o.Node) != slot).ToArray();
            list.AddRange(origins);
            if (!edge.ToType.IsUntyped())
                continue;
            if (edge.Records.From is { } record)
            {
                Note(slot, record);
                foreach (var origin in origins)
                    NoteStored(slot, origin, record);
            }
            foreach (var (inside, _) in flow.RecordsAt(edge.From))
                Note(slot, inside);
        }
    }

    private void NoteInitializers()
    {
        foreach (var pointer in ground.Graph.Model.Globals.SelectMany(g => g.Initializer))
        {
            if (pointer.TargetIsFunction || pointer.Record.Length == 0 || ground.Global(pointer.Target) is not { } target)
                continue;
            var slot = ground.Records.SlotOf(pointer.Record, pointer.Field);
            if (!stores.TryGetValue(slot, out var list))
                stores[slot] = list = [];
            list.Add(new Origin(new Node(NodeKind.GlobalAddress, target.Id), 0));
            if (ground.Records.Resolve(slot.Owner, [slot.Field]) is { } place && place.Type.IsUntyped() && Element(target.Type).Record is { } record)
                Note(slot, record);
        }
    }

    private void NoteStored(Slot slot, Origin origin, string record)
    {
        if (!stored.TryGetValue((slot, origin), out var set))
            stored[(slot, origin)] = set = new HashSet<string>(StringComparer.Ordinal);
        set.Add(record);
    }

    private static CType Element(CType type) => type is { Kind: CKind.Array, Element: { } element } ? Element(element) : type;

    /// <summary>What is stored in one field may come from another.</summary>
    private void Settle()
    {
        bool grew;
        do
        {
            grew = false;
            foreach (var (slot, list) in stores)
            {
                foreach (var origin in list)
                {
                    if (SlotOf(origin.Node) is not { } source)
                        continue;
                    foreach (var type in Types(source))
                        grew |= IsUntyped(slot) && Note(slot, type);
                }
            }
        }
        while (grew);
    }

    /// <summary>The slot's type says nothing of the record behind it.</summary>
    public bool IsUntyped(Slot slot) => slot.Field.Length == 0
        ? ground.Global(slot.Owner)?.Type.IsUntyped() == true
        : ground.Records.Resolve(slot.Owner, [slot.Field]) is { } place && ground.Records.Elements(place)?.Type.IsUntyped() == true;

    private bool Note(Slot slot, string record)
    {
        if (!types.TryGetValue(slot, out var set))
            types[slot] = set = new SortedSet<string>(StringComparer.Ordinal);
        return set.Add(record);
    }
}
