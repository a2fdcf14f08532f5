// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan.Checks;

/// <summary>What a pointer's value can go back to within a closure, by following the flow facts backwards and nothing else.</summary>
internal sealed class Sources(CallGraph graph, IReadOnlyCollection<Function> closure, string entry)
{
    private readonly ILookup<Node, Node> before = closure.SelectMany(f => f.Facts).OfType<Flow>().Select(f => (f.To, f.From))
        .Concat(closure.SelectMany(f => Indirect(graph, f))).ToLookup(f => f.To, f => f.From);

    /// <summary>Everything it goes back to is a variable of the stack.</summary>
    public bool IsOnStack(Node node)
    {
        var roots = Roots(node);
        return roots.Any(r => r.Kind == NodeKind.LocalAddress)
            && roots.All(r => r.Kind == NodeKind.LocalAddress || r is { Kind: NodeKind.Constant, Field: "" });
    }

    /// <summary>Arguments of calls through a pointer: facts have moves to parameters of direct callees only.</summary>
    private static IEnumerable<(Node To, Node From)> Indirect(CallGraph graph, Function function) =>
        from edge in graph.Out(function.Id)
        where edge.Callee is not null && edge.Fact.Callee is null
        from argument in edge.Fact.Arguments.Select((a, i) => (a.Node, Index: i))
        where argument.Node is not null
        select (new Node(NodeKind.Param, edge.Callee!.Id, "", argument.Index), argument.Node);

    public List<Node> Roots(Node node)
    {
        var seen = new HashSet<Node> { node };
        var work = new Queue<Node>([node]);
        var roots = new List<Node>();
        while (work.TryDequeue(out var current))
        {
            var isStored = current.Kind is NodeKind.Field or NodeKind.Global;
            if (isStored || !before[current].Any() || (current.Kind == NodeKind.Param && current.Owner == entry))
                roots.Add(current);
            if (!isStored)
                foreach (var earlier in before[current].Where(seen.Add))
                    work.Enqueue(earlier);
        }

        return roots;
    }
}
