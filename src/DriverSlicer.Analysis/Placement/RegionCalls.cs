// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>What is called while a lock is held.</summary>
internal static class RegionCalls
{
    /// <summary>Callees inside the region.</summary>
    public static ImmutableArray<Function> Inside(CallGraph graph, HeldRegion region)
    {
        var sites = CallSites.Of(region.Function);
        return [.. graph.Possible(region.Function.Id).Where(e => region.Covers(sites[e.Fact])).Select(e => e.Callee).OfType<Function>().Distinct()];
    }

    /// <summary>Driver functions that take or give back the lock for this one, at the region's ends.</summary>
    public static ImmutableArray<Function> AtEnds(CallGraph graph, HeldRegion region)
    {
        var sites = CallSites.Of(region.Function);
        return
        [
            .. graph.Possible(region.Function.Id).Where(e => sites[e.Fact] is var i && (i == region.Start || i == region.End))
                .Select(e => e.Callee).OfType<Function>().Where(f => f.Origin == FunctionOrigin.Driver).Distinct(),
        ];
    }

    /// <summary>Name of a function of that kind that the region reaches, in whatever half, or null.</summary>
    public static string? Reached(CallGraph graph, HeldRegion region, Func<Function, bool> isIt)
    {
        var seen = new HashSet<string>();
        var work = new Queue<Function>(Inside(graph, region).Where(f => seen.Add(f.Id)));
        while (work.TryDequeue(out var function))
        {
            if (isIt(function))
                return function.Name;
            foreach (var callee in graph.Possible(function.Id).Select(e => e.Callee).OfType<Function>().Where(f => seen.Add(f.Id)))
                work.Enqueue(callee);
        }

        return null;
    }

    /// <summary>Name of a user-half function that the region reaches, or null.</summary>
    /// <param name="onlyThroughKernel">Count only those called from the kernel half, which would be upcalls.</param>
    public static string? ReachedUser(CallGraph graph, KernelHalf kernel, HeldRegion region, bool onlyThroughKernel)
    {
        var seen = new HashSet<(string, bool)>();
        var work = new Queue<(Function Function, bool InKernel)>();
        foreach (var callee in Inside(graph, region))
            Enter(callee, false);
        while (work.TryDequeue(out var item))
        {
            var isUser = item.Function.Origin == FunctionOrigin.Driver && !kernel.Contains(item.Function.Id);
            if (isUser && (item.InKernel || !onlyThroughKernel))
                return item.Function.Name;
            foreach (var callee in graph.Possible(item.Function.Id).Select(e => e.Callee).OfType<Function>())
                Enter(callee, item.InKernel || kernel.Contains(item.Function.Id));
        }

        return null;

        void Enter(Function function, bool inKernel)
        {
            if (function.Origin is not (FunctionOrigin.Extern or FunctionOrigin.MacroShim) && seen.Add((function.Id, inKernel)))
                work.Enqueue((function, inKernel));
        }
    }
}
