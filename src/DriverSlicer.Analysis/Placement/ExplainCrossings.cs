// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Analysis;

/// <summary>
/// What crosses where a function is entered or leaves its half, as text for a person. Fields and bytes are those of the plan, counted once per kind
/// of object: an entry that walks a list of ten moves them ten times. Of what is written, only what differs goes back.
/// </summary>
public static class ExplainCrossings
{
    public static ImmutableArray<string> For(string function, SlicePlan plan, CallGraph graph) =>
    [
        .. plan.Upcalls.Where(u => u.Function == function).SelectMany(u => Entry(u, plan)),
        .. EnteredThrough(function, plan, graph),
        .. plan.Downcalls.Where(d => d.Function == function).Select(d => $"  downcall: the user half calls it in the kernel: {Arguments(d, plan)}"),
        .. CallsDown(function, plan, graph),
    ];

    private static IEnumerable<string> Entry(Upcall upcall, SlicePlan plan)
    {
        var parts = upcall.Visits.Select(v => (Name: plan.Types[v.Type].Spelling, v.Fields))
            .Concat(upcall.Globals.Select(g => (plan.Symbols[g.Symbol].Name, g.Fields))).ToArray();
        yield return $"  upcall:   {Count(upcall.Parameters.Length, "argument")}; {Amount(parts, f => f.In)} in, {Amount(parts, f => f.Out)} out at most";
        foreach (var line in Directed("in", parts, f => f.In).Concat(Directed("out", parts, f => f.Out)))
            yield return line;
    }

    private static IEnumerable<string> Directed(
        string word, (string Name, ImmutableArray<FieldPlan> Fields)[] parts, Func<FieldPlan, bool> travels) =>
        parts.Where(p => p.Fields.Any(travels)).OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => $"    {word + ":",-5} {p.Name}: {string.Join(", ", p.Fields.Where(travels).Select(Field))}");

    private static string Field(FieldPlan field) =>
        (field.Path.Length > 0 ? field.Path : "(all)") + (field.Count > 1 ? $" x{field.Count}" : "");

    private static string Amount((string Name, ImmutableArray<FieldPlan> Fields)[] parts, Func<FieldPlan, bool> travels)
    {
        var fields = parts.SelectMany(p => p.Fields).Where(travels).ToArray();
        return $"{Count(fields.Length, "field")} ({Count(fields.Sum(f => (long)f.Size * f.Count), "byte")})";
    }

    /// <summary>
    /// Entries that lead to a function of the user half that is none itself, by name: it costs no crossing to call, what it needs came with them.
    /// </summary>
    public static ImmutableArray<string> Entries(string function, SlicePlan plan, CallGraph graph)
    {
        var user = plan.Functions.Where(p => p.Half == Half.User).Select(p => p.Function).ToHashSet();
        if (!user.Contains(function) || plan.Upcalls.Any(u => u.Function == function))
            return [];
        var seen = new HashSet<string> { function };
        var open = new Queue<string>(seen);
        while (open.TryDequeue(out var next))
        {
            foreach (var caller in graph.PossibleIn(next).Select(e => e.Caller.Id).Where(c => user.Contains(c) && seen.Add(c)))
                open.Enqueue(caller);
        }

        return [.. plan.Upcalls.Where(u => seen.Contains(u.Function)).Select(u => u.Name).Distinct().Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> EnteredThrough(string function, SlicePlan plan, CallGraph graph)
    {
        var entries = Entries(function, plan, graph);
        if (!entries.IsEmpty)
            yield return $"  entered:  through {string.Join(", ", entries)}; its fields travel with them";
    }

    private static IEnumerable<string> CallsDown(string function, SlicePlan plan, CallGraph graph)
    {
        if (!plan.Functions.Any(p => p.Function == function && p.Half == Half.User))
            yield break;
        var targets = plan.Downcalls.ToLookup(d => d.Function);
        var calls = graph.Out(function).Where(e => e.Callee is { } callee && targets.Contains(callee.Id))
            .GroupBy(e => e.Callee!.Id).OrderBy(g => g.First().Callee!.Name, StringComparer.Ordinal);
        foreach (var group in calls)
        {
            var target = targets[group.Key].First();
            yield return $"  calls:    {target.Name} in the kernel, {Count(group.Select(e => e.Fact.Location).Distinct().Count(), "place")}: {Arguments(target, plan)}"
                + (target.Shipped ? "; in the task that made the upcall" : "");
        }
    }

    private static string Arguments(Downcall downcall, SlicePlan plan) => downcall.Parameters.IsEmpty
        ? "no argument"
        : string.Join(", ", downcall.Parameters.Select(p => p.Kind switch
        {
            DownParameterKind.Object when p.Type >= 0 => plan.Types[p.Type].Spelling,
            DownParameterKind.Buffer => $"buffer of {p.Size} bytes{(p.In ? " in" : "")}{(p.Out ? " out" : "")}",
            DownParameterKind.StringKept => "string",
            var kind => kind.ToString().ToLowerInvariant(),
        }));

    private static string Count(long number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}
