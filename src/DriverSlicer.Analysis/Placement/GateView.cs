// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// The kernel half as the gate sees it: which of its entries lead to which locks, and what could go wrong between entering the gate and
/// leaving it. Answers hold for the half as it stands; they are found anew when it has grown.
/// </summary>
internal sealed class GateView(CallGraph graph, KernelSpecs specs, ImmutableArray<Root> roots, LockRegions regions, KernelHalf kernel, ContendedActions actions)
{
    private readonly Dictionary<string, FunctionRule> rules = specs.RulesByName();
    private readonly Function[] rootFunctions = [.. roots.Select(r => r.Function).DistinctBy(f => f.Id)];
    private readonly HashSet<string> atomicRoots =
        [.. roots.GroupBy(r => r.Function.Id).Where(g => !g.Any(r => r.Contexts.HasFlag(ExecContext.Process))).Select(g => g.Key)];
    private readonly Dictionary<string, Reach> reaches = [];
    private readonly Dictionary<string, string?> obstacles = [];
    private int seen = -1;

    /// <param name="Functions">Ids of what runs in the kernel half, the start included.</param>
    /// <param name="Upcall">The first call from there into the user half.</param>
    private sealed record Reach(HashSet<string> Functions, CallEdge? Upcall);

    /// <summary>Functions of the kernel half that the kernel enters.</summary>
    public IEnumerable<Function> Entries => rootFunctions.Where(IsKernels);

    /// <summary>Waits for entries of the gate, or ends them.</summary>
    public bool Settles(Function function) => rules.TryGetValue(function.Name, out var rule) && rule.Settles;

    /// <summary>To one of these spinlocks, or to one that may be.</summary>
    public bool LeadsTo(Function function, IReadOnlySet<string> locks) =>
        ReachOf(function).Functions.Any(id => regions.In(id).Any(r => locks.Any(l => r.MayHold(l, isAtomic: true))));

    /// <summary>Why the lock cannot be gated, as far as the kernel half has to do with it.</summary>
    public string? Obstacle(string name)
    {
        Refresh();
        if (!obstacles.TryGetValue(name, out var answer))
            obstacles[name] = answer = Find(name);
        return answer;
    }

    /// <summary>A call, in code that runs, that ends entries which the gate may have put off, with no downcall around it; or null.</summary>
    public string? Ending()
    {
        Refresh();
        return Entries.Concat(Downcalls()).SelectMany(f => ReachOf(f).Functions).Distinct().SelectMany(id => graph.Possible(id))
            .Where(e => !Settles(e.Caller) && e.Callee is { } callee && rules.TryGetValue(callee.Name, out var rule) && rule.Ends)
            .Select(e => $"{e.Caller.Name} calls {e.Callee!.Name} in the kernel half ({e.Fact.Location}), behind the gate's back").FirstOrDefault();
    }

    private string? Find(string name)
    {
        var it = new HashSet<string> { name };
        foreach (var entry in Entries.Where(f => LeadsTo(f, it)))
            if (actions.Obstacle(entry) is { } obstacle)
                return obstacle;
        foreach (var inside in Entries.Concat(Downcalls()).Where(f => LeadsTo(f, it)))
        {
            if (ReachOf(inside).Upcall is { } upcall)
                return $"{inside.Name} ({inside.Location}) would make an upcall inside the gate: {upcall.Caller.Name} calls {upcall.Callee!.Name} ({upcall.Fact.Location})";
            if (Sleep(inside) is { } sleep)
                return $"{inside.Name} ({inside.Location}) may sleep inside the gate: {sleep.Caller.Name} calls {sleep.Callee!.Name} ({sleep.Fact.Location})";
        }

        return Ending();
    }

    /// <summary>
    /// A call that may sleep, of one that counts itself in: closing would wait for it, perhaps with what it waits for in hand. What
    /// settles waits for entries that may be waiting for the gate.
    /// </summary>
    private CallEdge? Sleep(Function inside) => atomicRoots.Contains(inside.Id) ? null
        : ReachOf(inside).Functions.SelectMany(id => graph.Possible(id)).FirstOrDefault(e => e.Callee is { } callee && MaySleep(callee));

    private bool MaySleep(Function function) =>
        regions.RuleOf(function) is { Kind: LockKind.Mutex or LockKind.Semaphore, Step: LockStep.Acquire }
        || (rules.TryGetValue(function.Name, out var rule) && (rule.Blocks || rule.Settles));

    private IEnumerable<Function> Downcalls() =>
        graph.Model.Functions.Where(f => (f.Origin == FunctionOrigin.HeaderInline || (f.Origin == FunctionOrigin.Driver && kernel.Contains(f.Id)))
            && graph.PossibleIn(f.Id).Any(e => e.Caller.Origin == FunctionOrigin.Driver && !kernel.Contains(e.Caller.Id)));

    private bool IsKernels(Function function) => function.Origin != FunctionOrigin.Driver || kernel.Contains(function.Id);

    private Reach ReachOf(Function start)
    {
        Refresh();
        if (reaches.TryGetValue(start.Id, out var known))
            return known;
        var found = new HashSet<string> { start.Id };
        var work = new Queue<string>(found);
        CallEdge? upcall = null;
        while (work.TryDequeue(out var id))
        {
            foreach (var edge in graph.Possible(id).Where(e => e.Callee is { Origin: not (FunctionOrigin.Extern or FunctionOrigin.MacroShim) }))
            {
                if (!IsKernels(edge.Callee!))
                    upcall ??= edge;
                else if (found.Add(edge.Callee!.Id))
                    work.Enqueue(edge.Callee.Id);
            }
        }

        return reaches[start.Id] = new Reach(found, upcall);
    }

    private void Refresh()
    {
        if (seen == kernel.Size)
            return;
        seen = kernel.Size;
        reaches.Clear();
        obstacles.Clear();
    }
}
