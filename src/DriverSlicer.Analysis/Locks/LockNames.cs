// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// Which lock an argument names: flows are walked back from it to the addresses that it can be. Locks are told apart by type and
/// field, so all instances of a driver's structure share one name.
/// </summary>
internal sealed class LockNames
{
    private readonly CallGraph graph;
    private readonly ILookup<Node, Node> sources;
    private readonly Dictionary<Node, Node> accessorArgument = [];
    private readonly Dictionary<string, CRecord> records;
    private readonly Dictionary<string, Global> globals;

    public LockNames(CallGraph graph)
    {
        this.graph = graph;
        var facts = graph.Model.Functions.SelectMany(f => f.Facts).ToArray();
        sources = facts.OfType<Flow>().ToLookup(f => f.To, f => f.From);
        records = graph.Model.Records.ToDictionary(r => r.Id);
        globals = graph.Model.Globals.ToDictionary(g => g.Id);
        foreach (var call in facts.OfType<Call>())
            if (call is { Result: { } result, Callee: { } callee, Arguments: [{ Node: { } argument }] }
                && graph.Function(callee) is { Origin: FunctionOrigin.HeaderInline })
                accessorArgument[result] = argument;
    }

    /// <summary>Sorted; one name "unknown lock" when the walk finds no address.</summary>
    public ImmutableArray<LockName> Of(Call call, LockRule rule)
    {
        if (rule.Argument < 0 || rule.Argument >= call.Arguments.Length)
            return [new LockName(Family(rule), null)];
        if (rule.Kind == LockKind.Core)
            return [new LockName(CoreLock(call.Arguments[rule.Argument].Type), null)];
        var found = new SortedDictionary<string, LockName>(StringComparer.Ordinal);
        if (call.Arguments[rule.Argument].Node is { } start)
            foreach (var address in Addresses(start))
                found[Text(address)] = new LockName(Text(address), address);
        return found.Count == 0 ? [new LockName("unknown lock", null)] : [.. found.Values];
    }

    /// <summary>A subsystem's lock goes by the structure that it is found in.</summary>
    private string CoreLock(CType type) =>
        $"lock inside {(type.PointeeRecord is { } id && records.TryGetValue(id, out var record) ? record.Spelling : type.Spelling)}";

    /// <summary>Primitives without an argument are one lock per kind: rcu_read_lock_bh nests in rcu_read_lock, rtnl_lock is rtnl.</summary>
    private static string Family(LockRule rule) => rule.Kind switch
    {
        LockKind.Rcu => "rcu_read_lock",
        LockKind.IrqOff => "local_irq_disable",
        LockKind.PreemptOff => "preempt_disable",
        _ => rule.Function.Split('_')[0],
    };

    private IEnumerable<Node> Addresses(Node start)
    {
        var seen = new HashSet<Node> { start };
        var work = new Queue<Node>(seen);
        while (work.TryDequeue(out var node))
        {
            if (node.Kind is NodeKind.FieldAddress or NodeKind.GlobalAddress or NodeKind.LocalAddress)
                yield return node;
            else if (accessorArgument.TryGetValue(node, out var argument))
                Visit(argument);
            else
                foreach (var source in sources[node])
                    Visit(source);
        }

        void Visit(Node node)
        {
            if (seen.Add(node))
                work.Enqueue(node);
        }
    }

    private string Text(Node address) => address.Kind switch
    {
        NodeKind.FieldAddress => $"{(records.TryGetValue(address.Owner, out var r) && r.Spelling.Length > 0 ? r.Spelling : address.Owner)}.{address.Field}",
        NodeKind.GlobalAddress => $"global {(globals.TryGetValue(address.Owner, out var g) ? g.Name : address.Owner)}",
        _ => $"local of {graph.Function(address.Owner)?.Name ?? address.Owner}",
    };
}
