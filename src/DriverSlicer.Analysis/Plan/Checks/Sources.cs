// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan.Checks;

/// <summary>What a pointer's value can go back to within a closure, by following the flow facts backwards and nothing else.</summary>
internal sealed class Sources(IEnumerable<Function> closure)
{
    private readonly ILookup<Node, Node> before = closure.SelectMany(f => f.Facts).OfType<Flow>().ToLookup(f => f.To, f => f.From);

    /// <summary>Everything it goes back to is a variable of the stack.</summary>
    public bool IsOnStack(Node node)
    {
        var roots = Roots(node);
        return roots.Any(r => r.Kind == NodeKind.LocalAddress)
            && roots.All(r => r.Kind == NodeKind.LocalAddress || r is { Kind: NodeKind.Constant, Field: "" });
    }

    public List<Node> Roots(Node node)
    {
        var seen = new HashSet<Node> { node };
        var work = new Queue<Node>([node]);
        var roots = new List<Node>();
        while (work.TryDequeue(out var current))
        {
            var isStored = current.Kind is NodeKind.Field or NodeKind.Global;
            if (isStored || !before[current].Any())
                roots.Add(current);
            else
                foreach (var earlier in before[current].Where(seen.Add))
                    work.Enqueue(earlier);
        }

        return roots;
    }
}
