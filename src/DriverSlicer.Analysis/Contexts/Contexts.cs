// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// The contexts in which each function can run in the original driver: what its roots bring, pushed down the call graph; a call made
/// with a spinlock held, or with interrupts, preemption or RCU held off, turns process context into atomic.
/// </summary>
public static class Contexts
{
    public static IReadOnlyDictionary<string, ExecContext> Of(CallGraph graph, IEnumerable<Root> roots, LockRegions regions)
    {
        var contexts = new Dictionary<string, ExecContext>();
        var work = new Queue<string>();
        foreach (var root in roots)
            Add(root.Function.Id, root.Contexts);
        while (work.TryDequeue(out var id))
        {
            var held = regions.In(id).Where(r => r.Rule.AtomicWhileHeld).ToArray();
            var sites = held.Length == 0 ? null : CallSites.Of(graph.Function(id)!);
            foreach (var edge in graph.Out(id))
                if (edge.Callee is { } callee)
                    Add(callee.Id, held.Any(r => r.Covers(sites![edge.Fact])) ? UnderLock(contexts[id]) : contexts[id]);
        }

        return contexts;

        void Add(string id, ExecContext more)
        {
            var before = contexts.GetValueOrDefault(id);
            if ((before | more) == before)
                return;
            contexts[id] = before | more;
            work.Enqueue(id);
        }
    }

    private static ExecContext UnderLock(ExecContext context) =>
        context.HasFlag(ExecContext.Process) ? (context & ~ExecContext.Process) | ExecContext.Atomic : context;

    /// <summary>As people and specs write them: process, atomic, softirq, hardirq.</summary>
    public static string Words(ExecContext contexts) => contexts == ExecContext.None
        ? "none"
        : string.Join(", ", new[] { ExecContext.Process, ExecContext.Atomic, ExecContext.SoftIrq, ExecContext.HardIrq }
            .Where(c => contexts.HasFlag(c)).Select(c => c.ToString().ToLowerInvariant()));
}
