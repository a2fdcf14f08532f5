// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>A function that stays because of one of its locks.</summary>
/// <param name="IsOutlined">It was made of the region, to stay.</param>
internal sealed record LockPin(Function Function, HeldRegion Region, string Why, bool IsOutlined);

/// <summary>
/// Step 4 of <see cref="Placement"/>: the halves and the locks settle together. First comes what the kernel half needs by itself, for
/// what stands against a gate may be gone by then; after each function that stays for its lock, again.
/// </summary>
internal static class LockPins
{
    public static ImmutableArray<LockPin> Settle(
        CallGraph graph, LockRegions regions, LockJudge judge, KernelHalf kernel, ImmutableArray<Function> own, Func<bool> pullInDeferred)
    {
        var pins = ImmutableArray.CreateBuilder<LockPin>();
        do
        {
            while (PullIn(graph, regions, kernel, own) || pullInDeferred())
            {
            }
        }
        while (own.Where(f => !kernel.Contains(f.Id)).SelectMany(f => regions.In(f.Id)).Any(r => Stay(graph, judge, kernel, r, pins)));

        return pins.ToImmutable();
    }

    private static bool PullIn(CallGraph graph, LockRegions regions, KernelHalf kernel, ImmutableArray<Function> own)
    {
        var grew = false;
        foreach (var region in own.Where(f => kernel.Contains(f.Id)).SelectMany(f => regions.In(f.Id)))
            grew |= PullIn(graph, kernel, region);
        return grew;
    }

    /// <summary>A region of the kernel half: nothing in it may wait for a process, and both its ends belong together.</summary>
    private static bool PullIn(CallGraph graph, KernelHalf kernel, HeldRegion region)
    {
        if (!region.Rule.AtomicWhileHeld)
            return false;
        var callees = RegionCalls.Inside(graph, region).Concat(RegionCalls.AtEnds(graph, region)).Where(f => !kernel.IsClosed(f.Id)).ToArray();
        var caller = kernel.Why(region.Function.Id)!;
        var reason = Reasons.OfCallUnderLock(region.Function, region.Lock.Text);
        return callees.Length > 0 && kernel.CloseOver(callees.Select(f => (f, new Decision(reason, [.. caller.Path, f.Name], region.Location), reason)));
    }

    private static bool Stay(
        CallGraph graph, LockJudge judge, KernelHalf kernel, HeldRegion region, ImmutableArray<LockPin>.Builder pins)
    {
        var function = region.Function;
        var helper = RegionCalls.AtEnds(graph, region).FirstOrDefault(f => kernel.Contains(f.Id));
        var verdict = judge.Judge(region);
        if (helper is null && verdict.Choice != LockChoice.Pin)
            return false;
        var reason = verdict.Outlined is { } outlined ? Reasons.OfOutlined(outlined.From, region.Lock.Text, verdict.Why)
            : helper is null ? Reasons.OfLock(region.Lock.Text, verdict.Why)
            : Reasons.OfLockHelper(helper.Name, region.Lock.Text);
        pins.Add(new LockPin(function, region, verdict.Why, verdict.Outlined is not null));
        return kernel.Keep(function, new Decision(reason, [function.Name], region.Location));
    }
}
