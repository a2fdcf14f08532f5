// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// Which lock an argument names: flows are walked back from it to the addresses that it can be. Locks are told apart by type and
/// field, so all instances of a driver's structure share one name; a lock inside a variable goes by the fields of that variable's
/// type, since a pointer may lead there too. Where the walk ends at anything else the lock may be another: one of the kernel's, if
/// the pointer came from there; else any (<see cref="LockName.Unknown"/>).
/// </summary>
internal sealed class LockNames
{
    private static readonly LockName Any = new(LockName.Unknown, null);
    private static readonly LockName Foreign = new("a lock of the kernel", null);

    private readonly CallGraph graph;
    private readonly ILookup<Node, Node> sources;
    private readonly Dictionary<Node, Node> accessorArgument = [];
    private readonly Dictionary<string, CRecord> records;
    private readonly Dictionary<string, Global> globals;
    private readonly HashSet<string> lockTypes;
    private readonly HashSet<string> handedOut;
    private readonly HashSet<Node> shown;

    public LockNames(CallGraph graph, IReadOnlyDictionary<string, LockRule> rules)
    {
        this.graph = graph;
        var flows = graph.Flows.Concat(LockPointers.Initialized(graph.Model)).ToArray();
        sources = flows.ToLookup(f => f.To, f => f.From);
        // No flow tells where a call through a pointer takes what it is given.
        shown = [.. flows.Select(f => (Node?)f.From).Concat(graph.Model.Functions.SelectMany(f => f.Facts).OfType<Call>().SelectMany(c => c.Arguments).Select(a => a.Node))
            .OfType<Node>().Where(n => n.Kind is NodeKind.LocalAddress or NodeKind.FieldAddress or NodeKind.GlobalAddress)];
        handedOut = [.. graph.Stored.Select(s => s.Function)];
        records = graph.Model.Records.ToDictionary(r => r.Id);
        globals = graph.Model.Globals.ToDictionary(g => g.Id);
        lockTypes = LockPointers.Types(graph, rules);
        foreach (var call in graph.Model.Functions.SelectMany(f => f.Facts).OfType<Call>())
            if (call is { Result: { } result, Callee: { } callee, Arguments: [{ Node: { } argument }] }
                && graph.Function(callee) is { Origin: FunctionOrigin.HeaderInline })
                accessorArgument[result] = argument;
    }

    /// <summary>Sorted; more than one where the argument can be more than one.</summary>
    public ImmutableArray<LockName> Of(Call call, LockRule rule)
    {
        if (rule.Argument < 0 || rule.Argument >= call.Arguments.Length)
            return [new LockName(Family(rule), null)];
        if (rule.Kind == LockKind.Core)
            return [new LockName(CoreLock(call.Arguments[rule.Argument].Type), null)];
        var found = new SortedDictionary<string, LockName>(StringComparer.Ordinal);
        if (call.Arguments[rule.Argument].Node is { } start)
            foreach (var name in Names(start))
                found[name.Text] = name;
        return found.Count == 0 ? [Any] : [.. found.Values];
    }

    public IEnumerable<Node> InsideOf(CType type) => LockPointers.Inside(type, records, lockTypes);

    public bool IsLock(string record) => lockTypes.Contains(record);

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

    private IEnumerable<LockName> Names(Node start)
    {
        var seen = new HashSet<Node> { start };
        var work = new Queue<Node>(seen);
        while (work.TryDequeue(out var node))
        {
            if (node.Kind is NodeKind.FieldAddress or NodeKind.GlobalAddress or NodeKind.LocalAddress)
            {
                foreach (var address in Exact(node))
                    yield return new LockName(Text(address), address);
                continue;
            }

            if (Beyond(node) is { } other)
                yield return other;
            var before = accessorArgument.TryGetValue(node, out var argument) ? [argument] : sources[node];
            foreach (var source in before.Where(seen.Add))
                work.Enqueue(source);
        }
    }

    /// <summary>What the node can hold that no flow brings.</summary>
    private LockName? Beyond(Node node) => node.Kind switch
    {
        NodeKind.Param when handedOut.Contains(node.Owner) => Foreign,
        // Nobody calls it: nothing is passed.
        NodeKind.Param => graph.PossibleIn(node.Owner).Any(e => e.Kind == EdgeKind.Guess) || IsShown(node) ? Any : null,
        NodeKind.Return when graph.Function(node.Owner) is null or { Origin: FunctionOrigin.Extern or FunctionOrigin.MacroShim } => Foreign,
        NodeKind.Field when !records.TryGetValue(node.Owner, out var record) || !record.InDriver => Foreign,
        NodeKind.Global when !globals.TryGetValue(node.Owner, out var global) || global.IsExtern => Foreign,
        NodeKind.Constant => node.Field.Length == 0 ? null : Any,
        NodeKind.Literal or NodeKind.FunctionAddress => null,
        NodeKind.Deref => Any,
        _ => IsShown(node) || (!accessorArgument.ContainsKey(node) && !sources[node].Any()) ? Any : null,
    };

    /// <summary>A variable or a field whose address goes somewhere, through which it may be set.</summary>
    private bool IsShown(Node node) => shown.Contains(node with
    {
        Kind = node.Kind switch { NodeKind.Field => NodeKind.FieldAddress, NodeKind.Global => NodeKind.GlobalAddress, _ => NodeKind.LocalAddress },
    });

    /// <summary>The address of a variable that is no lock itself is that of one of the locks inside.</summary>
    private IEnumerable<Node> Exact(Node address)
    {
        var type = address.Kind == NodeKind.GlobalAddress && globals.TryGetValue(address.Owner, out var global) ? global.Type : null;
        var inside = type is null ? [] : InsideOf(type).ToArray();
        return inside.Length == 0 ? [address] : inside;
    }

    private string Text(Node address) => address.Kind switch
    {
        NodeKind.FieldAddress => $"{(records.TryGetValue(address.Owner, out var r) && r.Spelling.Length > 0 ? r.Spelling : address.Owner)}.{address.Field}",
        NodeKind.GlobalAddress => $"global {(globals.TryGetValue(address.Owner, out var g) ? g.Name : address.Owner)}",
        _ => $"local of {graph.Function(address.Owner)?.Name ?? address.Owner}",
    };
}
