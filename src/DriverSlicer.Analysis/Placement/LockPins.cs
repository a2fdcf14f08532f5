// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>A function that stays because of one of its locks.</summary>
internal sealed record LockPin(Function Function, HeldRegion Region, string Why);

/// <summary>Step 4 of <see cref="Placement"/>: the halves and the locks settle together.</summary>
internal static class LockPins
{
    public static ImmutableArray<LockPin> Settle(
        CallGraph graph, LockRegions regions, LockJudge judge, KernelHalf kernel, ImmutableArray<Function> own)
    {
        var pins = ImmutableArray.CreateBuilder<LockPin>();
        bool grew;
        do
        {
            grew = false;
            foreach (var function in own)
            {
                foreach (var region in regions.In(function.Id))
                    grew |= kernel.Contains(function.Id) ? PullIn(graph, kernel, region) : Stay(graph, judge, kernel, region, pins);
            }
        }
        while (grew);

        return pins.ToImmutable();
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
        var reason = helper is null ? Reasons.OfLock(region.Lock.Text, verdict.Why) : Reasons.OfLockHelper(helper.Name, region.Lock.Text);
        pins.Add(new LockPin(function, region, verdict.Why));
        return kernel.Keep(function, new Decision(reason, [function.Name], region.Location));
    }
}
