// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis;
using DriverSlicer.Model;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Report;

/// <summary>
/// What can cross: entries into the user half with the fields that they carry, and what the user half may call in the kernel. Fields are counted once per
/// kind of object, as <c>explain</c> does.
/// </summary>
internal sealed class CrossingData(SlicePlan plan, CallGraph graph, IReadOnlyDictionary<string, int> index)
{
    private readonly ILookup<string, (int From, Location At)> calls =
    (
        from placed in plan.Functions
        where placed.Half == Half.User
        from edge in graph.Out(placed.Function)
        where edge.Callee is not null
        select (edge.Callee!.Id, From: index[placed.Function], edge.Fact.Location)
    ).ToLookup(c => c.Id, c => (c.From, c.Location));

    public object Up(Upcall upcall)
    {
        var parts = upcall.Visits.Select(v => (Of: Words.TypeName(plan, v.Type), v.Fields))
            .Concat(upcall.Globals.Select(g => (Of: plan.Symbols[g.Symbol].Name, g.Fields)))
            .Where(p => !p.Fields.IsEmpty).ToImmutableArray();
        var fields = parts.SelectMany(p => p.Fields).ToImmutableArray();
        return new
        {
            upcall.Name,
            function = index[upcall.Function],
            onDeath = Words.Of(upcall.OnDeath),
            parameters = upcall.Parameters.Select(p => Words.Of(plan, p)),
            result = Words.Of(plan, upcall.Result),
            upcall.FieldsIn,
            upcall.FieldsOut,
            bytesIn = fields.Where(f => f.In).Sum(Bytes),
            bytesOut = fields.Where(f => f.Out).Sum(Bytes),
            objects = parts.Select(p => new
            {
                p.Of,
                fields = p.Fields.Select(f => new object[] { f.Path, Words.Of(f.Kind), Bytes(f), (f.In ? 1 : 0) + (f.Out ? 2 : 0) }),
            }),
        };
    }

    public object Down(Downcall downcall) => new
    {
        downcall.Name,
        function = index.GetValueOrDefault(downcall.Function, -1),
        kind = Words.Of(downcall.Kind),
        parameters = downcall.Parameters.Select(p => Words.Of(plan, p)),
        result = Words.Of(plan, downcall.Result),
        traits = DowncallTraits.Of(downcall),
        callers = calls[downcall.Function].GroupBy(c => c.From).OrderBy(g => g.Key).Select(g => new[] { g.Key, g.Select(c => c.At).Distinct().Count() }),
    };

    private static long Bytes(FieldPlan field) => (long)field.Size * field.Count;
}
