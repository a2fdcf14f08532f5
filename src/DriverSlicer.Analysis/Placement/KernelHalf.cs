// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// The kernel half while it grows. A function is either *kept* (it stays, what it calls need not) or *closed over* (everything it
/// reaches stays too, because none of it may wait for a user process). The first reason given is the one that is kept.
/// </summary>
internal sealed class KernelHalf(CallGraph graph)
{
    private readonly Dictionary<string, Decision> decisions = [];
    private readonly HashSet<string> closed = [];

    /// <summary>Grows whenever anything is added.</summary>
    public int Size => decisions.Count + closed.Count;

    public bool Contains(string id) => decisions.ContainsKey(id);

    public bool IsClosed(string id) => closed.Contains(id);

    public Decision? Why(string id) => decisions.GetValueOrDefault(id);

    public bool Keep(Function function, Decision decision) => decisions.TryAdd(function.Id, decision);

    /// <summary>Breadth first, so that each function's path is a shortest one. <paramref name="reached"/> words the reason below the start.</summary>
    public bool CloseOver(IEnumerable<(Function Function, Decision Decision, string Reached)> starts)
    {
        var work = new Queue<(Function Function, Decision Decision, string Reached)>();
        var grew = false;
        foreach (var start in starts)
            Enter(start.Function, start.Decision, start.Reached);
        while (work.TryDequeue(out var item))
        {
            foreach (var callee in graph.Possible(item.Function.Id).Select(e => e.Callee).OfType<Function>())
                Enter(callee, new Decision(item.Reached, item.Decision.Path.Add(callee.Name), item.Decision.At), item.Reached);
        }

        return grew;

        void Enter(Function function, Decision decision, string reached)
        {
            if (function.Origin is FunctionOrigin.Extern or FunctionOrigin.MacroShim)
                return;
            if (!closed.Add(function.Id))
                return;
            grew |= decisions.TryAdd(function.Id, decision);
            work.Enqueue((function, decision, reached));
        }
    }
}
