// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// Roots of the kernel half that cannot meet a closed gate: they may not sleep, and their interface has no contended action. A lock
/// that such a root leads to cannot be gated.
/// </summary>
internal sealed class UngatedRoots
{
    private readonly Dictionary<string, Root> reaching = [];

    public static UngatedRoots Of(CallGraph graph, IEnumerable<Root> kernelRoots)
    {
        var result = new UngatedRoots();
        foreach (var root in kernelRoots.Where(r => r.Rule?.Contended is null && r.Contexts != ExecContext.Process))
            result.Follow(graph, root);
        return result;
    }

    /// <summary>A root that leads to the function, or null.</summary>
    public Root? Reaching(string function) => reaching.GetValueOrDefault(function);

    private void Follow(CallGraph graph, Root root)
    {
        var work = new Queue<string>();
        if (reaching.TryAdd(root.Function.Id, root))
            work.Enqueue(root.Function.Id);
        while (work.TryDequeue(out var id))
        {
            foreach (var callee in graph.Out(id).Select(e => e.Callee).OfType<Function>())
                if (reaching.TryAdd(callee.Id, root))
                    work.Enqueue(callee.Id);
        }
    }
}
