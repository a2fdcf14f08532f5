// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// Every way into the driver. A function held in a place of the kernel's is a root under that place's rule. A function held in the
/// driver's own records or globals is no root if the driver itself calls through that place; if it does not, a sibling module must,
/// and when there is none the function is dead.
/// </summary>
public static class Roots
{
    /// <summary>Sorted by function name, then key.</summary>
    public static ImmutableArray<Root> Of(CallGraph graph, KernelSpecs specs)
    {
        var callees = graph.Model.Functions.Where(f => !graph.In(f.Id).IsEmpty).Select(f => f.Name).ToHashSet();
        var rules = specs.Entries.Where(e => e.UnlessCalls is null || !callees.Contains(e.UnlessCalls)).ToDictionary(e => e.Key);
        var hasSiblings = Siblings.MayExist(graph);
        var own = graph.Model.Records.Where(r => r.InDriver).Select(r => r.Id).ToHashSet();
        var called = graph.Model.Functions.SelectMany(f => graph.Out(f.Id))
            .Where(e => e.Kind is EdgeKind.Field or EdgeKind.Node).Select(e => e.Callee!.Id).ToHashSet();
        return
        [
            .. graph.Stored
                .Select(stored => (Stored: stored, Function: graph.Function(stored.Function)))
                .Where(pair => pair.Function is { Origin: FunctionOrigin.Driver or FunctionOrigin.Macro or FunctionOrigin.HeaderInline })
                .Where(pair => !IsOwn(pair.Stored.Node, own) || (hasSiblings && !called.Contains(pair.Function!.Id)))
                .Select(pair => Make(pair.Function!, pair.Stored, rules, specs))
                .Distinct()
                .OrderBy(r => r.Function.Name, StringComparer.Ordinal).ThenBy(r => r.Function.Id, StringComparer.Ordinal)
                .ThenBy(r => r.Key, StringComparer.Ordinal),
        ];
    }

    private static bool IsOwn(Node node, HashSet<string> ownRecords) => node.Kind switch
    {
        NodeKind.Field => ownRecords.Contains(node.Owner),
        NodeKind.Global => true,
        _ => false,
    };

    private static Root Make(Function function, StoredFunction stored, Dictionary<string, EntryRule> rules, KernelSpecs specs) =>
        rules.TryGetValue(stored.Key, out var rule) ? new Root(function, stored.Key, RootKind.Ruled, rule, stored.Location)
        : stored.Key == StoredFunctions.Export && specs.Exports.TryGetValue(function.Name, out var siblings)
            ? new Root(function, stored.Key, RootKind.Ruled, siblings, stored.Location)
        : stored.Key == StoredFunctions.Export ? new Root(function, stored.Key, RootKind.Exported, null, stored.Location)
        : new Root(function, stored.Key, RootKind.Unknown, null, stored.Location);
}
