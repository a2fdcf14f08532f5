// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>Where a pointer value can come from, with the bytes added since then (null: not constant).</summary>
internal readonly record struct Origin(Node Node, long? Offset);

/// <summary>
/// Where the pointers of a set of functions come from, independent of statement order and calling context. Three things are pushed
/// along the moves until nothing changes:
///
/// *Origins*: an address (of a field, global, local), a field's or global's value, an entry point's parameter, the result of a
/// call that leaves the set. A value stored in a field does not travel on: readers of the field have the field as origin.
///
/// *Untyped origins*: the same, as long as the value has not been a pointer to a record yet.
///
/// *Records*: while a pointer to a record travels as <c>void *</c> or <c>char *</c>, the record and the offset into it. Where it
/// becomes a pointer to another record, that is container_of or a private area.
/// </summary>
internal sealed class PointerFlow
{
    private const long Varying = long.MinValue;

    private readonly Edges table;
    private readonly Func<Function, bool> isWalked;
    private readonly UserHalf half;
    private readonly Dictionary<int, Dictionary<int, long>> origins = [];
    private readonly Dictionary<int, Dictionary<int, long>> untyped = [];
    private readonly Dictionary<int, Dictionary<int, long>> records = [];
    private readonly Dictionary<int, List<Edge>> outgoing = [];
    private readonly Queue<int> work = new();
    private readonly Dictionary<string, int> recordNumbers = [];
    private readonly List<string> recordIds = [];

    private PointerFlow(UserHalf half, Func<Function, bool> isWalked)
    {
        (this.half, this.isWalked, table) = (half, isWalked, half.Edges);
    }

    public ImmutableArray<Function> Functions { get; private init; }

    public ImmutableArray<Edge> Edges { get; private init; }

    /// <param name="entries">Functions whose parameters come from outside.</param>
    public static PointerFlow Of(UserHalf half, ImmutableArray<Function> functions, IEnumerable<Function> entries, Func<Function, bool> isWalked)
    {
        var flow = new PointerFlow(half, isWalked) { Functions = functions, Edges = [.. functions.SelectMany(f => half.Edges.Of(f))] };
        flow.Run(entries);
        return flow;
    }

    public IEnumerable<Origin> Origins(Node node) => Origins(origins, node);

    public IEnumerable<Origin> UntypedOrigins(Node node) => Origins(untyped, node);

    /// <summary>The node as this flow knows it.</summary>
    public Node Canonical(Node node, Function function) => table.Canonical(node, function.Id);

    public IEnumerable<(string Record, long? Offset)> RecordsAt(Node node)
    {
        return records.TryGetValue(table.Number(node), out var found)
            ? found.OrderBy(p => p.Key).Select(p => (recordIds[p.Key], Constant(p.Value)))
            : [];
    }

    /// <summary>Nothing but this half's own stack is behind it.</summary>
    public bool IsOnStack(Node node)
    {
        var all = Origins(node).ToArray();
        return all.Length > 0 && all.Any(o => o.Node.Kind == NodeKind.LocalAddress)
            && all.All(o => o.Node is { Kind: NodeKind.LocalAddress } or { Kind: NodeKind.Constant, Field: "" });
    }

    /// <summary>The call that gave this pointer, for origins that are results.</summary>
    public Call? CallOf(Node node) => table.CallOf(node);

    private IEnumerable<Origin> Origins(Dictionary<int, Dictionary<int, long>> map, Node node) =>
        map.TryGetValue(table.Number(node), out var found)
            ? found.OrderBy(p => p.Key).Select(p => new Origin(table[p.Key], Constant(p.Value)))
            : [];

    private static long? Constant(long offset) => offset == Varying ? null : offset;

    private static bool IsCut(Node node) => node.Kind is NodeKind.Field or NodeKind.Global;

    private void Run(IEnumerable<Function> entries)
    {
        var fed = new HashSet<int>();
        foreach (var edge in Edges)
        {
            if (Ends(edge))
                continue;
            if (!outgoing.TryGetValue(edge.Ids.From, out var list))
                outgoing[edge.Ids.From] = list = [];
            list.Add(edge);
            fed.Add(edge.Ids.To);
        }

        var outside = entries.Select(f => f.Id).ToHashSet();
        foreach (var edge in Edges)
        {
            Start(edge.From, edge.Ids.From, fed, outside);
            work.Enqueue(edge.Ids.From);
        }

        foreach (var function in Functions)
        {
            foreach (var access in function.Facts.OfType<Access>())
                Start(table.Canonical(access.Base, function.Id), table.Number(table.Canonical(access.Base, function.Id)), fed, outside);
            foreach (var node in function.Facts.OfType<Call>().SelectMany(c => c.Arguments).Select(a => a.Node).OfType<Node>())
                Start(table.Canonical(node, function.Id), table.Number(table.Canonical(node, function.Id)), fed, outside);
        }

        while (work.TryDequeue(out var node))
            foreach (var edge in outgoing.GetValueOrDefault(node, []))
                Push(edge);
    }

    /// <summary>Stores, arguments of calls that leave, and their results: the move is known, the value goes no further.</summary>
    private bool Ends(Edge edge) =>
        IsCut(edge.To)
        || (edge.To.Kind == NodeKind.Param && !Walks(edge.To.Owner))
        || (edge.From.Kind == NodeKind.Return && !Walks(edge.From.Owner));

    private bool Walks(string function) => half.Graph.Function(function) is { } found && isWalked(found);

    private void Start(Node node, int number, HashSet<int> fed, HashSet<string> outside)
    {
        var starts = node.Kind switch
        {
            NodeKind.FieldAddress or NodeKind.GlobalAddress or NodeKind.LocalAddress or NodeKind.FunctionAddress or NodeKind.Literal
                or NodeKind.Constant or NodeKind.Field or NodeKind.Global => true,
            NodeKind.Param => outside.Contains(node.Owner) || !fed.Contains(number),
            NodeKind.Temp => table.CallOf(node) is { } call && half.Callees(call).Any(c => !isWalked(c) && !half.Inlines.IsReplaced(c)),
            _ => false,
        };
        if (!starts)
            return;
        Set(origins, number, number, 0);
        Set(untyped, number, number, 0);
    }

    private void Push(Edge edge)
    {
        var (from, to) = edge.Ids;
        var changed = false;
        foreach (var (origin, offset) in origins.GetValueOrDefault(from, []).ToArray())
            changed |= Set(origins, to, origin, Sum(offset, edge.Offset));

        if (half.Records.Behind(edge.FromType) is null)
        {
            foreach (var (origin, offset) in untyped.GetValueOrDefault(from, []).ToArray())
                changed |= Set(untyped, to, origin, Sum(offset, edge.Offset));
        }

        if (half.Records.Behind(edge.ToType) is null)
        {
            if (half.Records.Behind(edge.FromType) is { } record)
                changed |= TravelsAsRecord(edge) && Set(records, to, RecordNumber(record), edge.Offset ?? Varying);
            else
                foreach (var (inside, offset) in records.GetValueOrDefault(from, []).ToArray())
                    changed |= Set(records, to, inside, Sum(offset, edge.Offset));
        }

        if (changed)
            work.Enqueue(to);
    }

    /// <summary>A scalar member of a variable is no view of the whole variable, and the stack is nobody's record.</summary>
    private static bool TravelsAsRecord(Edge edge) =>
        edge.From.Kind != NodeKind.LocalAddress && (edge.From.Kind != NodeKind.GlobalAddress || !edge.ToType.IsPointerToScalar());

    private static long Sum(long offset, long? added) => offset == Varying || added is not { } known ? Varying : offset + known;

    private static bool Set(Dictionary<int, Dictionary<int, long>> map, int node, int source, long offset)
    {
        if (!map.TryGetValue(node, out var set))
            map[node] = set = [];
        if (!set.TryGetValue(source, out var old))
        {
            set[source] = offset;
            return true;
        }

        if (old == offset || old == Varying)
            return false;
        set[source] = Varying;
        return true;
    }

    private int RecordNumber(string record)
    {
        if (!recordNumbers.TryGetValue(record, out var number))
        {
            number = recordNumbers[record] = recordIds.Count;
            recordIds.Add(record);
        }

        return number;
    }
}
