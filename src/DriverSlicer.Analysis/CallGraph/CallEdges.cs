// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

internal static class CallEdges
{
    public static ImmutableArray<CallEdge> Of(DriverModel model, FunctionPointers pointers, HashSet<Node> open)
    {
        var byId = model.Functions.ToDictionary(f => f.Id);
        return
        [
            .. from caller in model.Functions
               from call in caller.Facts.OfType<Call>()
               from edge in Of(caller, call, byId, pointers, open)
               select edge,
        ];
    }

    private static IEnumerable<CallEdge> Of(
        Function caller, Call call, Dictionary<string, Function> byId, FunctionPointers pointers, HashSet<Node> open)
    {
        if (call.Callee is { } direct)
        {
            yield return byId.TryGetValue(direct, out var callee)
                ? new CallEdge(caller, callee, call, EdgeKind.Direct)
                : new CallEdge(caller, null, call, EdgeKind.Unknown);
            yield break;
        }

        var kind = call.Through is { Kind: NodeKind.Field } ? EdgeKind.Field : EdgeKind.Node;
        var candidates = call.Through is null ? [] : pointers.Held(call.Through).Keys.Where(byId.ContainsKey).ToArray();
        foreach (var candidate in candidates)
            yield return new CallEdge(caller, byId[candidate], call, kind);
        if (candidates.Length == 0 || open.Contains(call.Through!))
            yield return new CallEdge(caller, null, call, EdgeKind.Unknown);
    }

    /// <summary>
    /// Nodes that can hold functions which the driver never names: fields of the kernel's records, results of externs, data of
    /// others, parameters of functions that the kernel calls, and whatever these flow into.
    /// </summary>
    public static HashSet<Node> OpenNodes(DriverModel model, FunctionPointers pointers)
    {
        var driverRecords = model.Records.Where(r => r.InDriver).Select(r => r.Id).ToHashSet();
        var externFunctions = model.Functions.Where(f => f.Origin is FunctionOrigin.Extern or FunctionOrigin.MacroShim).Select(f => f.Id).ToHashSet();
        var externGlobals = model.Globals.Where(g => g.IsExtern).Select(g => g.Id).ToHashSet();
        bool IsKernelPlace(Node node) => node.Kind == NodeKind.Field && !driverRecords.Contains(node.Owner)
            || node.Kind == NodeKind.Param && externFunctions.Contains(node.Owner);
        var calledByKernel = pointers.All.Where(pair => IsKernelPlace(pair.Key)).SelectMany(pair => pair.Value.Keys).ToHashSet();
        bool Source(Node node) => node.Kind switch
        {
            NodeKind.Field => !driverRecords.Contains(node.Owner),
            NodeKind.Return => externFunctions.Contains(node.Owner),
            NodeKind.Param => calledByKernel.Contains(node.Owner),
            NodeKind.Global => externGlobals.Contains(node.Owner),
            _ => false,
        };

        var successors = pointers.Edges.ToLookup(e => e.From, e => e.To);
        var through = model.Functions.SelectMany(f => f.Facts).OfType<Call>().Select(c => c.Through).OfType<Node>();
        var open = successors.Select(g => g.Key).Concat(through).Where(Source).ToHashSet();
        var work = new Queue<Node>(open);
        while (work.TryDequeue(out var node))
            foreach (var next in successors[node].Where(open.Add))
                work.Enqueue(next);
        return open;
    }
}
