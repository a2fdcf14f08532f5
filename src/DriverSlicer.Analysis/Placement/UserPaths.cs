// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>For each function that moves, a shortest path from a root that the kernel enters in process context, or deferred.</summary>
internal static class UserPaths
{
    public static IReadOnlyDictionary<string, Decision> Of(
        CallGraph graph, ImmutableArray<Root> roots, DeferredRoots deferred, KernelHalf kernel)
    {
        var found = new Dictionary<string, Decision>();
        var work = new Queue<(Function Function, Root Root)>();
        foreach (var root in roots.Where(r => !RootRules.MustStay(r, deferred)).OrderBy(r => RootRules.IsDeferred(r, deferred)))
            Enter(root.Function, root, [root.Function.Name]);
        while (work.TryDequeue(out var item))
        {
            foreach (var callee in graph.Out(item.Function.Id).Select(e => e.Callee).OfType<Function>())
                if (!kernel.IsClosed(callee.Id))
                    Enter(callee, item.Root, found[item.Function.Id].Path.Add(callee.Name));
        }

        return found;

        void Enter(Function function, Root root, ImmutableArray<string> path)
        {
            if (function.Origin is FunctionOrigin.Extern or FunctionOrigin.MacroShim)
                return;
            if (found.TryAdd(function.Id, new Decision(Words(root, path.Length == 1, deferred), path, root.Location)))
                work.Enqueue((function, root));
        }
    }

    private static string Words(Root root, bool isRoot, DeferredRoots deferred)
    {
        if (RootRules.IsDeferred(root, deferred))
            return isRoot ? $"deferred: called as {root.Key} in {Contexts.Words(root.Contexts)} context, and nobody awaits it"
                : $"reached from {root.Function.Name}, which is deferred ({root.Key})";
        return isRoot ? $"called only in process context, as {root.Key}" : $"reached only in process context, from {root.Function.Name} ({root.Key})";
    }
}
