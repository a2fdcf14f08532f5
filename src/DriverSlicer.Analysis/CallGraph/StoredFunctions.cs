// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>Names the places in which functions are held by the keys that specs/ uses.</summary>
internal static class StoredFunctions
{
    public const string Init = "macro#init";
    public const string Exit = "macro#exit";
    public const string Export = "macro#export";

    public static ImmutableArray<StoredFunction> Of(DriverModel model, FunctionPointers pointers)
    {
        var byId = model.Functions.ToDictionary(f => f.Id);
        var records = model.Records.ToDictionary(r => r.Id);
        var globals = model.Globals.ToDictionary(g => g.Id);
        // Tables on the stack whose address goes anywhere.
        var handedOn = model.Functions.SelectMany(f => f.Facts)
            .SelectMany(f => f is Call call ? call.Arguments.Select(a => a.Node) : f is Flow flow ? [flow.From] : [])
            .Where(n => n is { Kind: NodeKind.LocalAddress }).Select(n => (n!.Owner, n.Index)).ToHashSet();
        return
        [
            .. (from pair in pointers.All
                from held in pair.Value
                let key = Key(pair.Key, byId, records, globals, handedOn)
                where key is not null
                select new StoredFunction(held.Key, key, pair.Key, held.Value))
               .OrderBy(s => s.Key, StringComparer.Ordinal).ThenBy(s => s.Function, StringComparer.Ordinal)
               .ThenBy(s => s.Node.Owner, StringComparer.Ordinal),
        ];
    }

    private static string? Key(
        Node node, Dictionary<string, Function> functions, Dictionary<string, CRecord> records, Dictionary<string, Global> globals,
        HashSet<(string Function, int Index)> handedOn) => node.Kind switch
    {
        NodeKind.Field => $"{Spelling(records.GetValueOrDefault(node.Owner), node.Owner)}.{node.Field}",
        NodeKind.Param when functions.TryGetValue(node.Owner, out var f) && f.Origin is FunctionOrigin.Extern or FunctionOrigin.MacroShim =>
            $"{PlainName(f)}#{node.Index}",
        NodeKind.Return when functions.TryGetValue(node.Owner, out var f) && f.Name == "__inittest" => Init,
        NodeKind.Return when functions.TryGetValue(node.Owner, out var f) && f.Name == "__exittest" => Exit,
        NodeKind.Global when globals.TryGetValue(node.Owner, out var g) =>
            g.InMacro?.StartsWith("EXPORT_SYMBOL", StringComparison.Ordinal) == true ? Export
            : g.InMacro is "module_init" or "module_exit" ? null
            : $"global {g.Name}",
        // Who finds it there is not known.
        NodeKind.Local when handedOn.Contains((node.Owner, node.Index)) => $"a local table of {functions.GetValueOrDefault(node.Owner)?.Name}",
        NodeKind.Deref => $"memory behind a pointer ({node.Field})",
        _ => null,
    };

    /// <summary>A macro shim goes by the macro's name.</summary>
    private static string PlainName(Function function) =>
        function.Origin == FunctionOrigin.MacroShim && function.Name.StartsWith("md_m_", StringComparison.Ordinal) ? function.Name[5..] : function.Name;

    private static string Spelling(CRecord? record, string id) => record is { Spelling.Length: > 0 } ? record.Spelling : id;
}
