// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>
/// Functions and variables that both halves know by name: those that user code names, those that the driver's tables name (the tables
/// stand in both halves' text), and functions that are stored anywhere.
/// </summary>
internal static class SymbolDrafts
{
    public sealed record Draft(string Id, string Name, SymbolKind Kind, string Unit, int Size, string? Record, Location Location);

    public static ImmutableArray<Draft> Of(UserHalf half, Uses uses)
    {
        var named = new Dictionary<string, string>();
        foreach (var function in uses.Flow.Functions)
            foreach (var id in function.Facts.SelectMany(Named))
                named.TryAdd(id, function.Unit);
        foreach (var stored in half.Graph.Stored.Where(s => !s.Key.StartsWith("macro#", StringComparison.Ordinal)))
            if (half.Graph.Function(stored.Function) is { Origin: FunctionOrigin.Driver } function)
                named.TryAdd(function.Id, function.Unit);
        // What a macro made counts if something names it, which may stand anywhere in the text.
        int before;
        do
        {
            before = named.Count;
            foreach (var global in half.Graph.Model.Globals.Where(g => !g.IsExtern && (g.InMacro is null || named.ContainsKey(g.Id))))
                foreach (var pointer in global.Initializer)
                    named.TryAdd(pointer.Target, global.Unit);
        }
        while (named.Count > before);

        var escaping = Escaping(half, uses);
        return
        [
            .. named.Select(n => Draw(half, n.Key, n.Value, escaping)).OfType<Draft>()
                .OrderBy(d => Units.IndexOf(half.Graph.Model, d.Unit)).ThenBy(d => d.Location.File, StringComparer.Ordinal)
                .ThenBy(d => d.Location.Line).ThenBy(d => d.Location.Column).ThenBy(d => d.Name, StringComparer.Ordinal)
                .ThenBy(d => d.Id, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<string> Named(Fact fact) =>
        Initialized.Nodes(fact).Where(n => n.Kind is NodeKind.Global or NodeKind.GlobalAddress or NodeKind.FunctionAddress).Select(n => n.Owner);

    private static Draft? Draw(UserHalf half, string id, string firstUnit, IReadOnlySet<string> escaping)
    {
        if (half.Graph.Function(id) is { } function)
        {
            // Inlines have no address that both halves could agree on.
            return function.Origin switch
            {
                FunctionOrigin.Driver => new Draft(id, function.Name, SymbolKind.Function, function.Unit, 0, null, function.Location),
                FunctionOrigin.Extern when !Inlines.IsCompilers(function) => new Draft(id, function.Name, SymbolKind.Function, firstUnit, 0, null, function.Location),
                _ => null,
            };
        }

        if (half.Global(id) is not { } global || half.Ground.IsLive(global) || (global.Function is not null && (!half.Ground.IsOwnText(global.Function) || global.InMacro is not null)))
            return null;
        // A constant of one function is nobody else's business, unless its address is given away.
        if (global is { Function: not null, IsConst: true } && !escaping.Contains(id))
            return null;
        var kind = global.IsExtern ? SymbolKind.Opaque : global.IsConst ? SymbolKind.Const : SymbolKind.Data;
        var record = ElementRecord(global.Type);
        return new Draft(
            id, global.Name, kind, global.IsExtern ? firstUnit : global.Unit, kind == SymbolKind.Opaque ? 0 : global.Type.Size,
            record is not null && half.Records.IsNamedObject(record) ? record : null, global.Location);
    }

    private static string? ElementRecord(CType type) =>
        type is { Kind: CKind.Array, Element: { } element } ? ElementRecord(element) : type.Record;

    private static HashSet<string> Escaping(UserHalf half, Uses uses) =>
    [
        .. from edge in uses.Flow.Edges
           where SlotFacts.SlotOf(edge.To) is not null
               || (edge.To.Kind == NodeKind.Param && half.Graph.Function(edge.To.Owner) is { } callee && half.TargetOf(callee) == Target.Downcall)
           from origin in uses.Flow.Origins(edge.From)
           where origin.Node.Kind == NodeKind.GlobalAddress
           select origin.Node.Owner,
    ];
}
