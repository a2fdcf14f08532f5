// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>The driver and the rules, as far as they do not depend on which half a function lives in; made once for all placements tried.</summary>
internal sealed class Ground
{
    private readonly Dictionary<string, Global> globals;
    private readonly Dictionary<Call, ImmutableArray<Function>> indirect;
    private readonly HashSet<string> roots;
    private readonly bool hasSiblings;
    private readonly Dictionary<Access, Place?> places = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, ImmutableArray<string>> named = [];

    public Ground(CallGraph graph, KernelSpecs specs)
    {
        Graph = graph;
        Specs = specs;
        Records = new Records(graph.Model);
        Inlines = new Inlines(graph.Model, specs, Records);
        globals = graph.Model.Globals.ToDictionary(g => g.Id);
        indirect = new Dictionary<Call, ImmutableArray<Function>>(ReferenceEqualityComparer.Instance);
        foreach (var edge in graph.Model.Functions.SelectMany(f => graph.Out(f.Id)).Where(e => e.Callee is not null && e.Fact.Callee is null))
            indirect[edge.Fact] = indirect.GetValueOrDefault(edge.Fact, []).Add(edge.Callee!);
        hasSiblings = Siblings.MayExist(graph);
        roots = Roots.Of(graph, specs).Select(r => r.Function.Id).ToHashSet();
        Edges = new Edges(this);
        Text = new CallText(graph.Model);
        Slots = SlotFacts.Of(this);
    }

    public CallGraph Graph { get; }

    public KernelSpecs Specs { get; }

    public Records Records { get; }

    public Inlines Inlines { get; }

    public Edges Edges { get; }

    public CallText Text { get; }

    public SlotFacts Slots { get; }

    /// <summary>As a person writes it: <c>struct own.data</c>, or a variable's name.</summary>
    public string NameOf(Slot slot) => slot.Field.Length == 0 ? Global(slot.Owner)?.Name ?? slot.Owner : Records.Text(slot);

    public Global? Global(string id) => globals.GetValueOrDefault(id);

    /// <summary>The kernel, or a sibling module, can call it. What stands in the driver's own records only the driver itself calls.</summary>
    public bool IsRoot(string function) => roots.Contains(function);

    /// <summary>Only the driver itself calls it: what its parameters hold are values that have origins of their own.</summary>
    public bool IsFilledByDriver(string function) => !IsRoot(function) && Graph.In(function).Any();

    /// <summary>Through a field of the driver's own that no function is ever put into: it holds NULL, and the call is not reached.</summary>
    public bool IsNeverSet(Call call) => call is { Callee: null, Through: { Kind: NodeKind.Field } field } && !hasSiblings
        && Graph.Model.Records.Any(r => r.Id == field.Owner && r.InDriver) && Graph.IsEmpty(field);

    /// <summary>Has a body in the driver's own text.</summary>
    public bool IsOwnText(string function) => Graph.Function(function) is { Origin: FunctionOrigin.Driver, Body: not null };

    /// <summary>A variable of the kernel that the user half's own headers replace (jiffies): in a unit's own text, below the last include.</summary>
    public bool IsLive(Global global) => global.IsExtern && Specs.Functions.Any(r => r.Local && r.Name == global.Name);

    /// <summary>Stands in a translation unit itself, not in a header.</summary>
    public bool IsUnitText(Function function) => IsOwnText(function.Id) && function.Location.File == function.Unit;

    public FunctionRule Rule(Function function) => Inlines.Rule(function);

    /// <summary>The place that an access names, from the start of its record or global; null if the layout does not have it.</summary>
    public Place? PlaceOf(Access access)
    {
        if (!places.TryGetValue(access, out var place))
            places[access] = place = Resolve(access);
        return place;
    }

    /// <summary>The same without its last indices: the address of one element leads to its neighbours.</summary>
    public Place? ArrayOf(Access access)
    {
        var path = access.Path;
        while (!path.IsEmpty && path[^1].StartsWith('['))
            path = path.RemoveAt(path.Length - 1);
        return PlaceOf(path.Length == access.Path.Length ? access : access with { Path = path });
    }

    /// <summary>Variables that a function names.</summary>
    public ImmutableArray<string> GlobalsIn(Function function)
    {
        if (!named.TryGetValue(function.Id, out var ids))
            named[function.Id] = ids =
            [
                .. function.Facts.SelectMany(Initialized.Nodes).Where(n => n.Kind is NodeKind.Global or NodeKind.GlobalAddress).Select(n => n.Owner).Distinct(),
            ];
        return ids;
    }

    /// <summary>Everything that the call may enter; empty if that is not known.</summary>
    public IEnumerable<Function> Callees(Call call) =>
        call.Callee is null ? indirect.GetValueOrDefault(call, [])
        : Graph.Function(call.Callee) is { } callee ? [callee] : [];

    private Place? Resolve(Access access)
    {
        if (access.Base.Kind != NodeKind.GlobalAddress || Global(access.Base.Owner) is not { } global)
            return access.Record.Length > 0 ? Records.Resolve(access.Record, access.Path) : null;
        var whole = Place.Whole(global.Type, new Slot(global.Id, ""));
        var start = access.Indexed && access.Path.IsEmpty ? Records.Elements(whole) : whole;
        return start is null ? null : Records.Resolve(start, access.Path);
    }
}
