// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// Who calls whom, over driver functions, macro-generated ones, and header inlines as far as the driver reaches them. Calls through
/// pointers are resolved by <see cref="FunctionPointers"/>, field by field: all objects of a record type share each field's set,
/// which is coarse and sound.
/// </summary>
public sealed class CallGraph
{
    private readonly ImmutableDictionary<string, Function> functions;
    private readonly ImmutableDictionary<string, ImmutableArray<CallEdge>> outgoing;
    private readonly ImmutableDictionary<string, ImmutableArray<CallEdge>> incoming;
    private readonly ILookup<string, CallEdge> guessed;
    private readonly ILookup<string, CallEdge> guessedInto;
    private readonly FunctionPointers pointers;

    private readonly HashSet<Node> open;

    private CallGraph(DriverModel model, FunctionPointers pointers, ImmutableArray<CallEdge> edges, ImmutableArray<StoredFunction> stored, HashSet<Node> open)
    {
        this.open = open;
        AddressTaken = pointers.Taken();
        var guesses = Guesses.Of(model, pointers, AddressTaken, edges);
        guessed = guesses.ToLookup(e => e.Caller.Id);
        guessedInto = guesses.ToLookup(e => e.Callee!.Id);
        Model = model;
        Stored = stored;
        this.pointers = pointers;
        functions = model.Functions.ToImmutableDictionary(f => f.Id);
        outgoing = edges.GroupBy(e => e.Caller.Id).ToImmutableDictionary(g => g.Key, g => g.ToImmutableArray());
        incoming = edges.Where(e => e.Callee is not null).GroupBy(e => e.Callee!.Id).ToImmutableDictionary(g => g.Key, g => g.ToImmutableArray());
    }

    public DriverModel Model { get; }

    /// <summary>Every place outside local control that receives a function's address; sorted by key, then function id.</summary>
    public ImmutableArray<StoredFunction> Stored { get; }

    /// <summary>Ids of the functions whose address anything holds, or is passed to a callee that nobody knows.</summary>
    public IReadOnlySet<string> AddressTaken { get; }

    public static CallGraph Build(DriverModel model)
    {
        var pointers = FunctionPointers.Of(model);
        var open = CallEdges.OpenNodes(model, pointers);
        return new CallGraph(model, pointers, CallEdges.Of(model, pointers, open), StoredFunctions.Of(model, pointers), open);
    }

    public Function? Function(string id) => functions.GetValueOrDefault(id);

    /// <summary>In source order of the calls; candidates of one call by id.</summary>
    public ImmutableArray<CallEdge> Out(string functionId) => outgoing.GetValueOrDefault(functionId, []);

    /// <summary>By caller in the model's order, then as <see cref="Out"/>.</summary>
    public ImmutableArray<CallEdge> In(string functionId) => incoming.GetValueOrDefault(functionId, []);

    /// <summary><see cref="Out"/>, and what its calls through pointers that cannot be told may enter: for questions whose answer must not be too small.</summary>
    public IEnumerable<CallEdge> Possible(string functionId) => Out(functionId).Concat(guessed[functionId]);

    public IEnumerable<CallEdge> PossibleIn(string functionId) => In(functionId).Concat(guessedInto[functionId]);

    /// <summary>Every move of a pointer, those into and out of calls through pointers included.</summary>
    public IEnumerable<(Node From, Node To)> Flows => pointers.Edges;

    /// <summary>No function is ever put there: neither one of the driver's, nor what comes from the kernel.</summary>
    public bool IsEmpty(Node node) => pointers.Held(node).Count == 0 && !open.Contains(node);

    /// <summary>Ids of the functions that a node can hold, sorted.</summary>
    public ImmutableArray<string> Holds(Node node) => [.. pointers.Held(node).Keys];
}
