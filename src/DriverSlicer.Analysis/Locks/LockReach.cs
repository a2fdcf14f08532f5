// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// Can code outside the sliced files take this lock? It can if the lock is part of the kernel's own record, or if its address
/// flows to a kernel function that is no lock primitive, into a record of the kernel's, or where it cannot be followed.
/// </summary>
internal sealed class LockReach
{
    /// <summary>Parameters of whatever a call through a pointer enters that the driver never named.</summary>
    private static readonly Node Anywhere = new(NodeKind.Param);

    private readonly CallGraph graph;
    private readonly LockRegions regions;
    private readonly ILookup<Node, Flow> targets;
    private readonly HashSet<string> ownRecords;
    private readonly HashSet<string> ownGlobals;
    private readonly Dictionary<LockName, string?> answers = [];

    public LockReach(CallGraph graph, LockRegions regions)
    {
        this.graph = graph;
        this.regions = regions;
        targets = graph.Model.Functions.SelectMany(f => f.Facts).OfType<Flow>()
            .Concat(LockPointers.Initialized(graph.Model).Select(f => new Flow(Location.None, null, f.From, f.To, CType.Void, CType.Void)))
            .Concat(graph.Model.Functions.SelectMany(f => graph.Out(f.Id)).Where(e => e.Fact.Callee is null).SelectMany(Passed))
            .ToLookup(f => f.From);
        ownRecords = [.. graph.Model.Records.Where(r => r.InDriver).Select(r => r.Id)];
        ownGlobals = [.. graph.Model.Globals.Where(g => !g.IsExtern).Select(g => g.Id)];
    }

    /// <summary>Null when every taker is in the sliced files; else who else can take it.</summary>
    public string? Outsider(LockName name)
    {
        if (!answers.TryGetValue(name, out var answer))
            answers[name] = answer = Find(name);
        return answer;
    }

    /// <summary>What moves into and out of a call through a pointer, for which there are no facts.</summary>
    private static IEnumerable<Flow> Passed(CallEdge edge)
    {
        foreach (var (argument, index) in edge.Fact.Arguments.Select((a, i) => (a, i)))
            if (argument.Node is { } from)
                yield return Move(from, edge.Callee is { } callee ? new Node(NodeKind.Param, callee.Id, "", index) : Anywhere, argument.Type);
        if (edge is { Callee: { } entered, Fact.Result: { } result })
            yield return Move(new Node(NodeKind.Return, entered.Id), result, edge.Fact.ResultType);

        Flow Move(Node from, Node to, CType type) => new(edge.Fact.Location, edge.Fact.Macro, from, to, type, type);
    }

    private string? Find(LockName name)
    {
        switch (name.Node)
        {
            case null:
                return name.Text == LockName.Unknown ? "which lock it is cannot be told" : "it belongs to the kernel";
            case { Kind: NodeKind.FieldAddress } field when !ownRecords.Contains(field.Owner):
                return "it is part of a structure of the kernel";
            case { Kind: NodeKind.GlobalAddress } global when !ownGlobals.Contains(global.Owner):
                return "it is a lock of the kernel";
            default:
                return Escape(name.Node);
        }
    }

    private string? Escape(Node start)
    {
        var seen = new HashSet<Node> { start };
        var work = new Queue<Node>(seen);
        while (work.TryDequeue(out var node))
        {
            foreach (var flow in targets[node].Concat(FromVariables(node)))
            {
                if (Leak(flow.To) is { } where)
                    return $"its address goes to {where} ({flow.Location})";
                if (!IsPrimitive(flow.To) && seen.Add(flow.To))
                    work.Enqueue(flow.To);
            }
        }

        return null;
    }

    /// <summary>Where the lock lies in a variable, its address is the variable's, moved as a pointer to a lock.</summary>
    private IEnumerable<Flow> FromVariables(Node address) => address.Kind != NodeKind.FieldAddress ? [] :
        from global in graph.Model.Globals
        where regions.InsideOf(global.Type).Contains(address)
        from flow in targets[new Node(NodeKind.GlobalAddress, global.Id)]
        where flow.Offset != 0 || (flow.ToType.PointeeRecord is { } to && regions.IsLock(to))
        select flow;

    /// <summary>A macro shim (spin_lock_init) is no leak: it initialises what it is given and keeps nothing.</summary>
    private string? Leak(Node to) => to.Kind switch
    {
        NodeKind.Param when to == Anywhere => "a call through a pointer that may lead anywhere",
        NodeKind.Deref => "memory that a pointer leads to",
        NodeKind.Param when graph.Function(to.Owner) is { Origin: FunctionOrigin.Extern } f && !IsPrimitive(to) => f.Name,
        NodeKind.Field when !ownRecords.Contains(to.Owner) => $"field {to.Field} of a structure of the kernel",
        NodeKind.Global when !ownGlobals.Contains(to.Owner) => "a variable of the kernel",
        _ => null,
    };

    private bool IsPrimitive(Node to) =>
        to.Kind == NodeKind.Param && graph.Function(to.Owner) is { } f && regions.RuleOf(f) is not null;
}
