// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>
/// Where the driver's text calls out of the user half in a context that may not sleep: with a spinlock held, in a function that is also
/// called so, or in a deferred entry. Of a process that keeps a lock, and calls something else, the kernel believes nothing else.
///
/// A site too many lets a process that keeps its lock do more; one too few ends the process of a correct driver. So regions are taken wide
/// here: with their ends, from the first to the last of one name (two locks of one type have one name), all of a function that gives its
/// caller's lock back, and through guessed calls.
/// </summary>
internal sealed class AtomicSites
{
    private readonly CallGraph graph;
    private readonly LockRegions regions;
    private readonly HashSet<string> placed;
    private readonly HashSet<string> atomic = [];

    public AtomicSites(UserHalf half, PlacementResult placement)
    {
        graph = half.Graph;
        regions = LockRegions.Of(graph, half.Specs);
        // Header functions that both halves have are placed nowhere: of their calls nothing is known.
        placed = [.. placement.Functions.Select(p => p.Function)];
        var work = new Queue<string>(placement.Functions.Where(p => p.Contexts != ExecContext.Process).Select(p => p.Function));
        foreach (var function in graph.Model.Functions)
        {
            if (regions.GivesBack(function.Id))
                work.Enqueue(function.Id);
            var sites = CallSites.Of(function);
            foreach (var edge in graph.Possible(function.Id))
                if (edge.Callee is { } callee && IsInside(function.Id, sites[edge.Fact]))
                    work.Enqueue(callee.Id);
        }

        while (work.TryDequeue(out var id))
            if (atomic.Add(id))
                foreach (var edge in graph.Possible(id))
                    if (edge.Callee is { } callee)
                        work.Enqueue(callee.Id);
    }

    public bool Has(DowncallDraft downcall) => downcall.Sites.Any(s =>
        !placed.Contains(s.Caller.Id) || atomic.Contains(s.Caller.Id) || IsInside(s.Caller.Id, CallSites.Of(s.Caller)[s.Call]));

    private bool IsInside(string function, int fact) => regions.In(function).Where(r => r.Rule.AtomicWhileHeld)
        .GroupBy(r => r.Lock.Text).Any(g => fact >= g.Min(r => r.Start) && fact <= g.Max(r => r.End));
}
