// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis;
using DriverSlicer.Model;

namespace DriverSlicer.Report;

/// <summary>The functions that were placed, and who of them calls whom.</summary>
internal sealed class FunctionData(SlicePlan plan, CallGraph graph, SourceTexts source)
{
    private readonly Dictionary<string, Function> byId = plan.Model.Functions.ToDictionary(f => f.Id, StringComparer.Ordinal);
    private readonly Dictionary<string, GatedEntry> gated = plan.Gated.ToDictionary(g => g.Function, StringComparer.Ordinal);
    private readonly HashSet<string> deferred = [.. plan.Deferrals.Select(d => plan.Upcalls[d.Upcall].Function)];

    /// <summary>A function's place in the page's list, by id.</summary>
    public IReadOnlyDictionary<string, int> Index { get; } =
        plan.Functions.Select((p, i) => (p.Function, i)).ToDictionary(p => p.Function, p => p.i, StringComparer.Ordinal);

    public IEnumerable<object> All() => plan.Functions.Select(One);

    /// <summary>[caller, callee, 1 if only through a pointer]; what header inlines call counts as called by whoever calls them.</summary>
    public IEnumerable<int[]> Edges() => plan.Functions.SelectMany((placed, from) =>
        Reached(placed.Function, direct: true, []).GroupBy(r => r.To).OrderBy(g => g.Key)
            .Select(g => new[] { from, g.Key, g.Any(r => r.Direct) ? 0 : 1 }));

    private object One(Placed placed)
    {
        var function = byId[placed.Function];
        var (file, first, last) = source.Lines(function.Definition);
        return new
        {
            placed.Name,
            half = Words.Of(placed.Half),
            at = function.Location.ToString(),
            file,
            first,
            last,
            function.Lines,
            function.Macro,
            contexts = Contexts.Words(placed.Contexts),
            placed.Reason,
            decided = placed.DecidedAt.Line > 0 ? placed.DecidedAt.ToString() : null,
            path = placed.Path,
            toMove = Explain.ToMove(placed),
            entered = ExplainCrossings.Entries(placed.Function, plan, graph),
            locks = plan.Locks.Select((l, i) => (l, i)).Where(p => p.l.Takers.Contains(placed.Name)).Select(p => p.i),
            gate = gated.GetValueOrDefault(placed.Function)?.Action.Name,
            deferred = deferred.Contains(placed.Function) ? true : (bool?)null,
            unknownCalls = graph.Out(placed.Function).Count(e => e.Kind == EdgeKind.Unknown),
        };
    }

    private IEnumerable<(int To, bool Direct)> Reached(string function, bool direct, HashSet<string> seen)
    {
        foreach (var edge in graph.Out(function).Where(e => e.Callee is not null))
        {
            var callee = edge.Callee!;
            var named = direct && edge.Kind == EdgeKind.Direct;
            if (Index.TryGetValue(callee.Id, out var to))
                yield return (to, named);
            else if (callee.Origin == FunctionOrigin.HeaderInline && seen.Add(callee.Id))
            {
                foreach (var further in Reached(callee.Id, named, seen))
                    yield return further;
            }
        }
    }
}
