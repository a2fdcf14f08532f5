// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>What types and initialisers tell of locks and pointers to them.</summary>
internal static class LockPointers
{
    /// <summary>What initialisers of variables store; a variable that points to itself (an empty list) tells nothing.</summary>
    public static IEnumerable<(Node From, Node To)> Initialized(DriverModel model) =>
        from global in model.Globals
        from pointer in global.Initializer
        where !pointer.TargetIsFunction && pointer.Target != global.Id
        select (new Node(NodeKind.GlobalAddress, pointer.Target), FunctionPointers.Receiver(global, pointer));

    /// <summary>Records that are locks: what the primitives take, and what begins with such a one and is turned into it by a header inline.</summary>
    public static HashSet<string> Types(CallGraph graph, IReadOnlyDictionary<string, LockRule> rules)
    {
        var calls = graph.Model.Functions.SelectMany(f => f.Facts).OfType<Call>()
            .Select(call => (Call: call, Callee: call.Callee is { } id ? graph.Function(id) : null)).Where(c => c.Callee is not null).ToArray();
        var types = calls
            .Where(c => rules.TryGetValue(c.Callee!.Name, out var rule) && rule.Kind != LockKind.Core && rule.Argument >= 0 && rule.Argument < c.Call.Arguments.Length)
            .Select(c => c.Call.Arguments[rules[c.Callee!.Name].Argument].Type.PointeeRecord).OfType<string>().ToHashSet();
        var records = graph.Model.Records.ToDictionary(r => r.Id);
        foreach (var (call, callee) in calls)
            if (callee!.Origin == FunctionOrigin.HeaderInline && call is { ResultType.PointeeRecord: { } given, Arguments: [{ Type.PointeeRecord: { } taken }] }
                && types.Contains(given) && BeginsWith(taken, given, records))
                types.Add(taken);
        return types;
    }

    /// <summary>Addresses of the locks by value in a record, or in an array of them; none in a lock.</summary>
    public static IEnumerable<Node> Inside(CType type, IReadOnlyDictionary<string, CRecord> records, IReadOnlySet<string> locks)
    {
        while (type.Kind == CKind.Array && type.Element is { } element)
            type = element;
        if (type.Record is not { } id || locks.Contains(id) || !records.TryGetValue(id, out var record))
            return [];
        return record.Fields.SelectMany(field => IsLock(field.Type) ? [new Node(NodeKind.FieldAddress, id, field.Name)] : Inside(field.Type, records, locks));

        bool IsLock(CType member) => member.Kind == CKind.Array ? member.Element is { } e && IsLock(e) : member.Record is { } r && locks.Contains(r);
    }

    private static bool BeginsWith(string outer, string inner, IReadOnlyDictionary<string, CRecord> records) =>
        records.TryGetValue(outer, out var record)
        && record.Fields.Any(f => f.OffsetBits == 0 && f.Type is { Kind: CKind.Record, Record: { } first } && (first == inner || BeginsWith(first, inner, records)));
}
