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
    private readonly Edges table;
    private readonly Func<Function, bool> isWalked;
    private readonly Ground ground;
    private readonly Knowledge?[] known;
    private readonly List<Edge>?[] outgoing;
    private readonly Queue<int> work = new();
    private readonly Dictionary<string, int> recordNumbers = [];
    private readonly List<string> recordIds = [];

    private PointerFlow(Ground ground, Func<Function, bool> isWalked)
    {
        (this.ground, this.isWalked, table) = (ground, isWalked, ground.Edges);
        known = new Knowledge?[table.Count];
        outgoing = new List<Edge>?[table.Count];
    }

    public ImmutableArray<Function> Functions { get; private init; }

    public ImmutableArray<Edge> Edges { get; private init; }

    /// <param name="entries">Functions whose parameters come from outside.</param>
    public static PointerFlow Of(Ground ground, ImmutableArray<Function> functions, IEnumerable<Function> entries, Func<Function, bool> isWalked)
    {
        // This numbers all nodes, so that the arrays have a place for each.
        var edges = functions.SelectMany(f => ground.Edges.Of(f)).ToImmutableArray();
        var used = functions.SelectMany(f => ground.Edges.Uses(f)).ToImmutableArray();
        var flow = new PointerFlow(ground, isWalked) { Functions = functions, Edges = edges };
        flow.Run(entries, used);
        return flow;
    }

    public IEnumerable<Origin> Origins(Node node) => Of(node, Sort.Origin);

    public IEnumerable<Origin> UntypedOrigins(Node node) => Of(node, Sort.Untyped);

    /// <summary>The node as this flow knows it.</summary>
    public Node Canonical(Node node, Function function) => table.Canonical(node, function.Id);

    public IEnumerable<(string Record, long? Offset)> RecordsAt(Node node) =>
        At(node)?.All(Sort.Record).Select(t => (recordIds[t.Source], Constant(t.Offset))) ?? [];

    /// <summary>Nothing but this half's own stack is behind it.</summary>
    public bool IsOnStack(Node node)
    {
        var all = Origins(node).ToArray();
        return all.Length > 0 && all.Any(o => o.Node.Kind == NodeKind.LocalAddress)
            && all.All(o => o.Node is { Kind: NodeKind.LocalAddress } or { Kind: NodeKind.Constant, Field: "" });
    }

    /// <summary>The call that gave this pointer, for origins that are results.</summary>
    public Call? CallOf(Node node) => table.CallOf(node);

    private IEnumerable<Origin> Of(Node node, Sort sort) =>
        At(node)?.All(sort).Select(t => new Origin(table[t.Source], Constant(t.Offset))) ?? [];

    private Knowledge? At(Node node) => table.Number(node) is var number && number < known.Length ? known[number] : null;

    private static long? Constant(long offset) => offset == Knowledge.Varying ? null : offset;

    private static bool IsCut(Node node) => node.Kind is NodeKind.Field or NodeKind.Global;

    private void Run(IEnumerable<Function> entries, ImmutableArray<(Node Node, int Number)> used)
    {
        var fed = new bool[known.Length];
        foreach (var edge in Edges)
        {
            if (Ends(edge))
                continue;
            (outgoing[edge.Ids.From] ??= []).Add(edge);
            fed[edge.Ids.To] = true;
            // A pointer to a record needs no origin to travel as one.
            work.Enqueue(edge.Ids.From);
        }

        var outside = entries.Select(f => f.Id).ToHashSet();
        foreach (var (node, number) in used)
            Start(node, number, fed, outside);
        while (work.TryDequeue(out var node))
        {
            var news = known[node]?.TakeNews() ?? [];
            foreach (var edge in outgoing[node] ?? [])
                Push(edge, news);
        }
    }

    /// <summary>Stores, arguments of calls that leave, and their results: the move is known, the value goes no further.</summary>
    private bool Ends(Edge edge) =>
        IsCut(edge.To)
        || (edge.To.Kind == NodeKind.Param && !Walks(edge.To.Owner))
        || (edge.From.Kind == NodeKind.Return && !Walks(edge.From.Owner));

    private bool Walks(string function) => ground.Graph.Function(function) is { } found && isWalked(found);

    private void Start(Node node, int number, bool[] fed, HashSet<string> outside)
    {
        var starts = node.Kind switch
        {
            NodeKind.FieldAddress or NodeKind.GlobalAddress or NodeKind.LocalAddress or NodeKind.FunctionAddress or NodeKind.Literal
                or NodeKind.Constant or NodeKind.Field or NodeKind.Global => true,
            NodeKind.Param => outside.Contains(node.Owner) || !fed[number],
            NodeKind.Temp => table.CallOf(node) is { } call && ground.Callees(call).Any(c => !isWalked(c) && !ground.Inlines.IsReplaced(c)),
            _ => false,
        };
        if (!starts)
            return;
        Learn(number, Sort.Origin, number, 0);
        Learn(number, Sort.Untyped, number, 0);
    }

    private void Push(Edge edge, (Sort Sort, int Source, long Offset)[] news)
    {
        var isTyped = edge.Records.From is not null;
        var becomesTyped = edge.Records.To is not null;
        foreach (var (sort, source, offset) in news)
            if (sort == Sort.Origin || (!isTyped && (sort == Sort.Untyped || !becomesTyped)))
                Learn(edge.Ids.To, sort, source, Sum(offset, edge.Offset));
        if (isTyped && !becomesTyped && TravelsAsRecord(edge))
            Learn(edge.Ids.To, Sort.Record, RecordNumber(edge.Records.From!), edge.Offset ?? Knowledge.Varying);
    }

    private void Learn(int node, Sort sort, int source, long offset)
    {
        if ((known[node] ??= new Knowledge()).Learn(sort, source, offset))
            work.Enqueue(node);
    }

    /// <summary>A scalar member of a variable is no view of the whole variable, and the stack is nobody's record.</summary>
    private static bool TravelsAsRecord(Edge edge) =>
        edge.From.Kind != NodeKind.LocalAddress && (edge.From.Kind != NodeKind.GlobalAddress || !edge.ToType.IsPointerToScalar());

    private static long Sum(long offset, long? added) =>
        offset == Knowledge.Varying || added is not { } constant ? Knowledge.Varying : offset + constant;

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
