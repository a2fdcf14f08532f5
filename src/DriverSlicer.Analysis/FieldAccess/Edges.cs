// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>A pointer value moves from one node to another, inside <see cref="In"/>.</summary>
/// <param name="Offset">Bytes added on the way; null if that varies.</param>
internal sealed record Edge(Function In, Location Location, Node From, Node To, CType FromType, CType ToType, long? Offset)
{
    /// <summary>Numbers of the two nodes in <see cref="Edges"/>.</summary>
    public (int From, int To) Ids { get; init; }

    /// <summary>The records that it points to before and after (<see cref="Records.Behind"/>).</summary>
    public (string? From, string? To) Records { get; init; }
}

/// <summary>
/// The pointer moves of each function: its flow facts, and what calls add to them. Fields of anonymous members go by the record
/// that has a name, what lies behind pointers to pointers by its canonical type, and a number turned into a pointer is told apart by
/// function.
/// </summary>
internal sealed class Edges
{
    private readonly Ground ground;
    private readonly Dictionary<string, string> canonicalTypes = [];
    private readonly Dictionary<Node, int> numbers = [];
    private readonly List<Node> nodes = [];
    private readonly Dictionary<string, ImmutableArray<Edge>> byFunction = [];
    private readonly Dictionary<string, ImmutableArray<(Node, int)>> uses = [];
    private readonly Dictionary<Node, Call> calls = [];

    public Edges(Ground ground)
    {
        this.ground = ground;
        foreach (var flow in ground.Graph.Model.Functions.SelectMany(f => f.Facts).OfType<Flow>())
        {
            if (flow.From.Kind == NodeKind.Deref)
                canonicalTypes.TryAdd(flow.From.Field, Types.Plain(flow.FromType.Spelling));
            if (flow.To.Kind == NodeKind.Deref)
                canonicalTypes.TryAdd(flow.To.Field, Types.Plain(flow.ToType.Spelling));
        }
    }

    public int Count => nodes.Count;

    public Node this[int number] => nodes[number];

    public int Number(Node node)
    {
        if (!numbers.TryGetValue(node, out var number))
        {
            number = numbers[node] = nodes.Count;
            nodes.Add(node);
        }

        return number;
    }

    /// <summary>The call whose result this node is, or null.</summary>
    public Call? CallOf(Node node) => calls.GetValueOrDefault(node);

    public Node Canonical(Node node, string function = "")
    {
        if (node.Kind is NodeKind.Field or NodeKind.FieldAddress)
        {
            var slot = ground.Records.SlotOf(node.Owner, node.Field);
            return node with { Owner = slot.Owner };
        }

        if (node.Kind == NodeKind.Deref)
            return node with { Field = canonicalTypes.GetValueOrDefault(node.Field, node.Field) };
        if (node is not { Kind: NodeKind.Constant, Field: "int" })
            return node;
        // An error code is never followed, no more than NULL.
        return ground.Graph.Function(function) is { Name: "ERR_PTR" } ? node with { Field = "" } : node with { Owner = function };
    }

    public ImmutableArray<Edge> Of(Function function)
    {
        if (byFunction.TryGetValue(function.Id, out var known))
            return known;
        var edges = ImmutableArray.CreateBuilder<Edge>();
        foreach (var fact in function.Facts)
        {
            if (fact is Flow flow)
                edges.Add(New(function, flow.Location, flow.From, flow.To, flow.FromType, flow.ToType, flow.Offset));
            else if (fact is Call call)
                AddCall(function, call, edges);
        }

        foreach (var edge in edges.ToArray())
            AddLinks(function, edge, edges);
        return byFunction[function.Id] = edges.ToImmutable();
    }

    /// <summary>Nodes whose values are used in the function.</summary>
    public ImmutableArray<(Node Node, int Number)> Uses(Function function)
    {
        if (uses.TryGetValue(function.Id, out var known))
            return known;
        var accessed = function.Facts.OfType<Access>().Select(a => a.Base);
        var passed = function.Facts.OfType<Call>().SelectMany(c => c.Arguments).Select(a => a.Node).OfType<Node>();
        return uses[function.Id] =
        [
            .. accessed.Concat(passed).Select(n => Canonical(n, function.Id)).Concat(Of(function).Select(e => e.From)).Distinct().Select(n => (n, Number(n))),
        ];
    }

    private void AddCall(Function function, Call call, ImmutableArray<Edge>.Builder edges)
    {
        if (call.Result is not null)
            calls[call.Result] = call;
        foreach (var callee in ground.Callees(call))
        {
            var isReplaced = ground.Inlines.IsReplaced(callee);
            foreach (var (argument, i) in call.Arguments.Select((a, i) => (a, i)))
            {
                if (argument.Node is null)
                    continue;
                var type = (i < callee.Parameters.Length ? callee.Parameters[i].Type : argument.Type).Decayed();
                if (call.Callee is null)
                    edges.Add(New(function, call.Location, argument.Node, new Node(NodeKind.Param, callee.Id, "", i), argument.Type.Decayed(), type, 0));
                // What memcpy, strchr and the like return points into what they were given.
                if (isReplaced && call.Result is not null && argument.Type.Kind is CKind.Pointer or CKind.Array)
                {
                    edges.Add(New(function, call.Location, argument.Node, call.Result, argument.Type.Decayed(), call.ResultType, null));
                    // And strsep, which is given the address of a pointer, into what that pointed to.
                    if (Behind(function, argument.Node, argument.Type.Decayed()) is var (variable, pointer))
                        edges.Add(New(function, call.Location, variable, call.Result, pointer, call.ResultType, null));
                }
            }

            if (isReplaced)
                AddStored(function, call, ground.Rule(callee), edges);
            if (call.Result is not null)
                edges.Add(New(function, call.Location, new Node(NodeKind.Return, callee.Id), call.Result, callee.Result, call.ResultType, 0));
        }
    }

    /// <summary>What strtoul and the like set a pointer to (<c>out</c>) points into their other arguments.</summary>
    private void AddStored(Function function, Call call, FunctionRule rule, ImmutableArray<Edge>.Builder edges)
    {
        var pointers = call.Arguments.Select((a, i) => (a.Node, Type: a.Type.Decayed(), IsSet: rule.Out.Contains(i))).Where(a => a.Node is not null && a.Type.IsPointer).ToArray();
        foreach (var (address, type, _) in pointers.Where(p => p.IsSet && p.Type.IsPointerToPointer()))
        {
            var (variable, stored) = Behind(function, address!, type)!.Value;
            foreach (var (source, from, _) in pointers.Where(p => !p.IsSet))
                edges.Add(New(function, call.Location, source!, variable, from, stored, null));
        }
    }

    /// <summary>The address of a pointer variable is passed on: what is stored behind such pointers is stored in it, and read from it.</summary>
    private void AddLinks(Function function, Edge edge, ImmutableArray<Edge>.Builder edges)
    {
        if (!edge.FromType.IsPointerToPointer() || Variable(function, edge.From) is not { } variable)
            return;
        var type = edge.FromType.Pointee()!;
        var behind = new Node(NodeKind.Deref, "", Types.Plain(type.Spelling));
        edges.Add(New(function, edge.Location, variable, behind, type, type, 0));
        edges.Add(New(function, edge.Location, behind, variable, type, type, 0));
    }

    /// <summary>The pointer that a pointer to pointers leads to, and its type; null of any other.</summary>
    public static (Node Variable, CType Type)? Behind(Function function, Node address, CType type) => !type.IsPointerToPointer() ? null
        : (Variable(function, address) ?? new Node(NodeKind.Deref, "", Types.Plain(type.Pointee()!.Spelling)), type.Pointee()!);

    private static Node? Variable(Function function, Node address) => address.Kind switch
    {
        NodeKind.LocalAddress => new Node(
            address.Index < function.Parameters.Length ? NodeKind.Param : NodeKind.Local, address.Owner, "", address.Index),
        NodeKind.FieldAddress => address with { Kind = NodeKind.Field },
        NodeKind.GlobalAddress => address with { Kind = NodeKind.Global },
        _ => null,
    };

    private Edge New(Function function, Location location, Node from, Node to, CType fromType, CType toType, long? offset)
    {
        from = Canonical(from, function.Id);
        to = Canonical(to, function.Id);
        return new Edge(function, location, from, to, fromType, toType, offset)
        {
            Ids = (Number(from), Number(to)), Records = (ground.Records.Behind(fromType), ground.Records.Behind(toType)),
        };
    }
}
