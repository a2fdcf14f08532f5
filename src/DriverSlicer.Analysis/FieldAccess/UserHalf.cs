// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>A choice of user-half functions, and what follows from it for each call: the questions that all later steps ask.</summary>
internal sealed class UserHalf
{
    private readonly Dictionary<string, Global> globals;
    private readonly Dictionary<Call, ImmutableArray<Function>> indirect;
    private readonly HashSet<string> stored;
    private readonly Dictionary<Access, Place?> places = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, ImmutableArray<string>> named = [];
    private readonly Dictionary<string, ImmutableArray<string>> blame = [];

    public UserHalf(CallGraph graph, KernelSpecs specs, IReadOnlySet<string> functions)
    {
        Graph = graph;
        Specs = specs;
        Functions = functions;
        Records = new Records(graph.Model);
        Inlines = new Inlines(graph.Model, specs, Records);
        globals = graph.Model.Globals.ToDictionary(g => g.Id);
        indirect = new Dictionary<Call, ImmutableArray<Function>>(ReferenceEqualityComparer.Instance);
        foreach (var edge in graph.Model.Functions.SelectMany(f => graph.Out(f.Id)).Where(e => e.Callee is not null && e.Fact.Callee is null))
            indirect[edge.Fact] = indirect.GetValueOrDefault(edge.Fact, []).Add(edge.Callee!);
        Edges = new Edges(this);
        Text = new CallText(graph.Model);
        stored = graph.Stored.Select(s => s.Function).ToHashSet();
        Own = [.. graph.Model.Functions.Where(f => functions.Contains(f.Id))];
        Entries = [.. Own.Where(IsEntry)];
    }

    public CallGraph Graph { get; }

    public KernelSpecs Specs { get; }

    public Records Records { get; }

    public Inlines Inlines { get; }

    public Edges Edges { get; }

    public CallText Text { get; }

    public IReadOnlySet<string> Functions { get; }

    /// <summary>The driver's functions of the user half, in the model's order.</summary>
    public ImmutableArray<Function> Own { get; }

    /// <summary>Those that the kernel half calls, or the kernel through a stored pointer.</summary>
    public ImmutableArray<Function> Entries { get; }

    public Global? Global(string id) => globals.GetValueOrDefault(id);

    /// <summary>Has a body in the driver's own text.</summary>
    public bool IsOwnText(string function) => Graph.Function(function) is { Origin: FunctionOrigin.Driver, Body: not null };

    public FunctionRule Rule(Function function) => Inlines.Rule(function);

    public Target TargetOf(Function function) =>
        Functions.Contains(function.Id) ? Target.User
        : Inlines.IsReplaced(function) ? Target.Local
        : function.Origin == FunctionOrigin.HeaderInline && Inlines.IsLocal(function) ? Target.Inline
        : Target.Downcall;

    /// <summary>Its body runs in the user half.</summary>
    public bool IsWalked(Function function) => TargetOf(function) is Target.User or Target.Inline;

    /// <summary>The place that an access names, from the start of its record or global; null if the layout does not have it.</summary>
    public Place? PlaceOf(Access access)
    {
        if (!places.TryGetValue(access, out var place))
            places[access] = place = Resolve(access);
        return place;
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

    /// <summary>What can run in the user half after entering one of these, in the order first reached.</summary>
    public ImmutableArray<Function> Closure(IEnumerable<Function> entries)
    {
        var closure = entries.ToList();
        var seen = closure.Select(f => f.Id).ToHashSet();
        for (var i = 0; i < closure.Count; i++)
        {
            var function = closure[i];
            closure.AddRange(function.Facts.OfType<Call>().SelectMany(Callees).Where(c => IsWalked(c) && seen.Add(c.Id)));
        }

        return [.. closure];
    }

    /// <summary>The driver functions of the user half in which something found in this function happens: itself, or the callers of an inline.</summary>
    public ImmutableArray<string> Blame(string function)
    {
        if (Functions.Contains(function))
            return [function];
        if (blame.TryGetValue(function, out var known))
            return known;
        blame[function] = [];
        return blame[function] =
        [
            .. Graph.In(function).Select(e => e.Caller.Id).Distinct().SelectMany(id => Blame(id)).Distinct().Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The first call in a driver function that leads to this inline, directly or through others.</summary>
    public Call? CallTo(string caller, string inline) =>
        Graph.Function(caller)?.Facts.OfType<Call>().FirstOrDefault(
            c => Callees(c).Any(f => f.Id == inline || (f.Origin == FunctionOrigin.HeaderInline && Closure([f]).Any(g => g.Id == inline))));

    private Place? Resolve(Access access)
    {
        if (access.Base.Kind != NodeKind.GlobalAddress || Global(access.Base.Owner) is not { } global)
            return access.Record.Length > 0 ? Records.Resolve(access.Record, access.Path) : null;
        var whole = Place.Whole(global.Type, new Slot(global.Id, ""));
        var start = access.Indexed && access.Path.IsEmpty ? Records.Elements(whole) : whole;
        return start is null ? null : Records.Resolve(start, access.Path);
    }

    private bool IsEntry(Function function) =>
        stored.Contains(function.Id) || Graph.In(function.Id).Any(e => !IsWalked(e.Caller));
}
