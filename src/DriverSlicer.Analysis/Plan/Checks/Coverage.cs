// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Analysis.Plan.Checks;

/// <summary>One entry point: each access of each function in its closure lies inside rows of the right direction.</summary>
internal static class Coverage
{
    public static IEnumerable<Diagnostic> Check(SlicePlan plan, CallGraph graph, Layout layout, MappedRecords mapped, Upcall upcall)
    {
        var visits = upcall.Visits.ToDictionary(v => plan.Types[v.Type].Record, v => v.Fields);
        var globals = upcall.Globals.ToDictionary(g => plan.Symbols[g.Symbol].Id, g => g.Fields);
        var variables = plan.Model.Globals.ToDictionary(g => g.Id);
        var closure = Closure(plan, graph, upcall);
        var sources = new Sources(graph, closure, upcall.Function);
        var addresses = closure.SelectMany(f => f.Facts).OfType<Access>().Where(a => a.Mode.HasFlag(AccessMode.Address) && a.Record.Length > 0)
            .Where(a => a.Base.Kind is not (NodeKind.GlobalAddress or NodeKind.LocalAddress) && !mapped.Contains(a.Record)).ToList();
        var filled = FilledArguments(plan).ToHashSet();
        var kernel = plan.Downcalls.Select(d => d.Function).ToHashSet();
        var runs = closure.Select(f => f.Id).ToHashSet();
        foreach (var function in closure)
        {
            foreach (var access in function.Facts.OfType<Access>())
            {
                var mode = access.Mode & (AccessMode.Read | AccessMode.Write);
                // What the kernel writes to, being given its address, is brought. (A record among it is bytes of its own.)
                if (access is { AddressUse: { Kind: NodeKind.Param } use, Type.Kind: not CKind.Record } && filled.Contains((use.Owner, use.Index)))
                    mode |= AccessMode.Read;
                if (mode == AccessMode.None || access.Base.Kind == NodeKind.LocalAddress)
                    continue;
                var missing = access.Base.Kind == NodeKind.GlobalAddress && variables.TryGetValue(access.Base.Owner, out var variable)
                    ? mode == AccessMode.Read && mapped.IsLive(variable.Id) ? null : OfGlobal(layout, globals, access, variable, mode)
                    : access.Record.Length > 0 ? OfRecord(layout, visits, access, mode)
                    : mapped.IsAccessor(function.Id) ? null : OfScalar(layout, sources, addresses, visits, access, mode)
                        ?? OfParameter(plan, upcall, sources, access.Base, mode);
                if (missing is not null && !sources.IsOnStack(access.Base) && !mapped.Contains(access.Record))
                    yield return SliceChecks.Failure(
                        access.Location, $"plan of {upcall.Name}: {function.Name} {Verb(mode)} {missing}, which the plan leaves out");
            }

            foreach (var (call, argument) in function.Facts.OfType<Call>().Where(c => !kernel.Contains(c.Callee ?? "") && !runs.Contains(c.Callee ?? "")).SelectMany(c => c.Arguments.Select(a => (c, a))))
                if (argument is { Node: { } node, Type: { IsPointer: true, Element: { IsScalar: true } element } }
                    && OfParameter(plan, upcall, sources, node, element.IsConst ? AccessMode.Read : AccessMode.None) is { } missing)
                    yield return SliceChecks.Failure(call.Location, $"plan of {upcall.Name}: {function.Name} passes on {missing}, which the plan leaves out");
        }
    }

    /// <summary>Memory behind an argument: it must be passed as something that has bytes, in the right direction.</summary>
    private static string? OfParameter(SlicePlan plan, Upcall upcall, Sources sources, Node pointer, AccessMode mode)
    {
        foreach (var root in sources.Roots(pointer).Where(r => r.Kind == NodeKind.Param && r.Owner == upcall.Function && r.Index < upcall.Parameters.Length))
        {
            var pass = upcall.Parameters[root.Index];
            var isThere = pass.Kind switch
            {
                PassKind.Array => pass.Type >= 0 || ((!mode.HasFlag(AccessMode.Read) || pass.In) && (!mode.HasFlag(AccessMode.Write) || pass.Out)),
                PassKind.Object => upcall.Visits.Any(v => v.Type == pass.Type),
                PassKind.String => !mode.HasFlag(AccessMode.Write),
                _ => false,
            };
            if (!isThere)
                return $"the bytes behind parameter {root.Index + 1}";
        }

        return null;
    }

    private static IEnumerable<(string Function, int Index)> FilledArguments(SlicePlan plan) =>
        plan.Downcalls.SelectMany(d => d.Parameters.Select((p, i) => (p, i)).Where(x => x.p is { Kind: DownParameterKind.Buffer, Out: true }).Select(x => (d.Function, x.i)));

    private static List<Function> Closure(SlicePlan plan, CallGraph graph, Upcall upcall)
    {
        var user = plan.Functions.Where(p => p.Half == Half.User).Select(p => p.Function).ToHashSet();
        var downcalls = plan.Downcalls.Select(d => d.Function).ToHashSet();
        var closure = new List<Function> { graph.Function(upcall.Function)! };
        for (var i = 0; i < closure.Count; i++)
        {
            foreach (var callee in graph.Out(closure[i].Id).Select(e => e.Callee).OfType<Function>())
            {
                var runsHere = user.Contains(callee.Id)
                    || (callee.Origin is FunctionOrigin.HeaderInline or FunctionOrigin.Driver && !downcalls.Contains(callee.Id));
                if (runsHere && !closure.Contains(callee))
                    closure.Add(callee);
            }
        }

        return closure;
    }

    private static string? OfGlobal(
        Layout layout, Dictionary<string, ImmutableArray<FieldPlan>> globals, Access access, Global variable, AccessMode mode)
    {
        // Constants are the half's own; so are the flags by which a macro does something once.
        if (variable.IsConst || variable is { Function: not null, InMacro: not null, Type.Kind: CKind.Bool })
            return null;
        var rows = globals.GetValueOrDefault(variable.Id, []);
        return Uncovered(layout.Spans(variable.Type, access.Path), rows, mode) ? Text(variable.Name, access) : null;
    }

    private static string? OfRecord(Layout layout, Dictionary<string, ImmutableArray<FieldPlan>> visits, Access access, AccessMode mode)
    {
        var record = layout.Record(access.Record);
        if (record is null)
            return "a record that is not in the model";
        var type = new CType(CKind.Record, record.Size, record.Spelling, Record: record.Id);
        var rows = visits.GetValueOrDefault(record.Id, []);
        return Uncovered(layout.Spans(type, access.Path), rows, mode) ? Text(record.Spelling, access) : null;
    }

    /// <summary>Memory behind the address of a member: wherever the closure takes that address, the member is covered.</summary>
    private static string? OfScalar(
        Layout layout, Sources sources, List<Access> addresses, Dictionary<string, ImmutableArray<FieldPlan>> visits, Access access, AccessMode mode)
    {
        foreach (var root in sources.Roots(access.Base).Where(r => r.Kind == NodeKind.FieldAddress))
        {
            var taken = addresses.FirstOrDefault(a =>
                layout.Holder(a.Record, a.Path) == (root.Owner, root.Field) && !IsOpen(layout, a) && OfRecord(layout, visits, a, mode) is not null
                && !IsInPlace(layout, visits, a, mode) && !sources.IsOnStack(a.Base));
            if (taken is not null)
                return $"{OfRecord(layout, visits, taken, mode)} through its address";
        }

        return null;
    }

    /// <summary>A record by value that is visited in place: the rows stand with its own type.</summary>
    private static bool IsInPlace(Layout layout, Dictionary<string, ImmutableArray<FieldPlan>> visits, Access taken, AccessMode mode) =>
        taken.Type.Record is { } inner && layout.Record(taken.Record) is { } outer
        && layout.Spans(new CType(CKind.Record, outer.Size, outer.Spelling, Record: outer.Id), taken.Path) is { Count: > 0 } spans
        && visits.GetValueOrDefault(outer.Id, []).Any(r => r.Kind == FieldKind.Embed && r.Offset == spans.Min(s => s.Start) / 8)
        && !Uncovered(layout.Spans(taken.Type, []), visits.GetValueOrDefault(inner, []), mode);

    /// <summary>An array without a length: only its first elements are in the plan.</summary>
    private static bool IsOpen(Layout layout, Access access) => layout.Member(access.Record, access.Path) is { Kind: CKind.Array, Count: < 0 };

    private static bool Uncovered(List<Span>? spans, ImmutableArray<FieldPlan> rows, AccessMode mode) =>
        spans is null || spans.Any(s => !rows.Any(r => Allows(r, mode) && Holds(r, s)) && !InBytes(rows, s, mode));

    /// <summary>Some element of the row holds the whole scalar, a pointer as a pointer.</summary>
    private static bool Holds(FieldPlan row, Span span)
    {
        if (row.Kind == FieldKind.Embed || span.IsPointer != IsPointer(row.Kind))
            return false;
        for (long i = 0; i < row.Count; i++)
        {
            var start = (row.Offset + (i * row.Stride)) * 8L;
            if (span.Start >= start && span.End <= start + (row.Size * 8L))
                return true;
        }

        return false;
    }

    /// <summary>A scalar that several rows of single bytes hold between them (members of a union).</summary>
    private static bool InBytes(ImmutableArray<FieldPlan> rows, Span span, AccessMode mode)
    {
        if (span.IsPointer)
            return false;
        for (var bit = span.Start / 8 * 8; bit < span.End; bit += 8)
            if (!rows.Any(r => Allows(r, mode) && Holds(r, new Span(bit, bit + 8, false))))
                return false;
        return true;
    }

    private static bool IsPointer(FieldKind kind) => kind is not (FieldKind.Bytes or FieldKind.Bits or FieldKind.Embed);

    private static bool Allows(FieldPlan row, AccessMode mode) =>
        (!mode.HasFlag(AccessMode.Read) || row.In) && (!mode.HasFlag(AccessMode.Write) || row.Out);

    private static string Verb(AccessMode mode) => mode == AccessMode.Write ? "writes" : mode == AccessMode.Read ? "reads" : "changes";

    private static string Text(string name, Access access) => access.Path.IsEmpty ? name : $"{name}.{string.Join('.', access.Path)}";
}
