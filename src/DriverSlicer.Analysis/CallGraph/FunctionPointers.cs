// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// Which functions each node of the pointer-flow graph can hold: function addresses are pushed along the flow facts until nothing
/// changes. A flow that leaves through an indirect call reaches the parameters of every function that the pointer holds by then,
/// so the edges grow while the sets do.
/// </summary>
internal sealed class FunctionPointers
{
    private readonly Dictionary<Node, SortedDictionary<string, Location>> holds = [];
    private readonly Dictionary<Node, HashSet<Node>> successors = [];
    private readonly Dictionary<Node, List<Call>> calls = [];
    private readonly Queue<Node> dirty = new();
    private readonly HashSet<string> passed = new(StringComparer.Ordinal);

    public static FunctionPointers Of(DriverModel model)
    {
        var result = new FunctionPointers();
        foreach (var global in model.Globals)
            foreach (var pointer in global.Initializer.Where(p => p.TargetIsFunction))
                result.Hold(Receiver(global, pointer), pointer.Target, pointer.Location);

        foreach (var fact in model.Functions.SelectMany(f => f.Facts))
        {
            if (fact is Flow flow)
                result.Connect(flow.From, flow.To, flow.Location);
            else if (fact is Call call)
                result.Note(call);
        }

        result.Settle();
        return result;
    }

    /// <summary>Sorted by function id; the location is that of the store that put it there first.</summary>
    public IReadOnlyDictionary<string, Location> Held(Node node) =>
        holds.TryGetValue(node, out var held) ? held : new SortedDictionary<string, Location>();

    public IEnumerable<KeyValuePair<Node, SortedDictionary<string, Location>>> All => holds;

    /// <summary>Ids of the functions whose address anything holds, or is passed to a callee that nobody knows.</summary>
    public HashSet<string> Taken() => holds.Values.SelectMany(held => held.Keys).Concat(passed).ToHashSet(StringComparer.Ordinal);

    public IEnumerable<(Node From, Node To)> Edges => successors.SelectMany(pair => pair.Value.Select(to => (pair.Key, to)));

    /// <summary>The place that an initialiser fills.</summary>
    public static Node Receiver(Global global, InitializerPointer pointer) =>
        pointer.Field.Length == 0 || pointer.Record.Length == 0
            ? new Node(NodeKind.Global, global.Id)
            : new Node(NodeKind.Field, pointer.Record, pointer.Field);

    private void Note(Call call)
    {
        foreach (var (argument, index) in call.Arguments.Select((a, i) => (a, i)))
        {
            if (argument.Function is not { } function)
                continue;
            passed.Add(function);
            if (call.Callee is { } callee && argument.Form == ArgumentForm.Function)
                Hold(new Node(NodeKind.Param, callee, "", index), function, call.Location);
        }

        if (call.Through is null)
            return;
        if (!calls.TryGetValue(call.Through, out var through))
            calls[call.Through] = through = [];
        through.Add(call);
    }

    private void Connect(Node from, Node to, Location location)
    {
        if (from.Kind == NodeKind.FunctionAddress)
        {
            Hold(to, from.Owner, location);
            return;
        }

        if (!successors.TryGetValue(from, out var next))
            successors[from] = next = [];
        if (next.Add(to) && holds.ContainsKey(from))
            dirty.Enqueue(from);
    }

    private void Hold(Node node, string function, Location location)
    {
        if (!holds.TryGetValue(node, out var held))
            holds[node] = held = new SortedDictionary<string, Location>(StringComparer.Ordinal);
        if (held.TryAdd(function, location))
            dirty.Enqueue(node);
    }

    private void Settle()
    {
        while (dirty.TryDequeue(out var node))
        {
            var held = holds[node].ToArray();
            foreach (var call in calls.GetValueOrDefault(node, []))
                foreach (var (function, _) in held)
                    Enter(call, function);

            foreach (var next in successors.GetValueOrDefault(node, []).ToArray())
                foreach (var (function, location) in held)
                    Hold(next, function, location);
        }
    }

    /// <summary>A call through a pointer that holds the function: what is passed and returned flows as in a direct call.</summary>
    private void Enter(Call call, string function)
    {
        foreach (var (argument, index) in call.Arguments.Select((a, i) => (a, i)))
        {
            var parameter = new Node(NodeKind.Param, function, "", index);
            if (argument is { Form: ArgumentForm.Function, Function: { } passed })
                Hold(parameter, passed, call.Location);
            else if (argument.Node is { } from)
                Connect(from, parameter, call.Location);
        }

        if (call.Result is { } result)
            Connect(new Node(NodeKind.Return, function), result, call.Location);
    }
}
