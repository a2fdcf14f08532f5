// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>
/// Where the driver's text calls out of the user half in a context that may not sleep: with a spinlock held, in a function that is also
/// called so, or in a deferred entry. Of a process that keeps a lock, and calls something else, the kernel believes nothing else.
/// </summary>
internal sealed class AtomicSites(UserHalf half, PlacementResult placement)
{
    private readonly LockRegions regions = LockRegions.Of(half.Graph, half.Specs);

    private readonly HashSet<string> atomic =
        [.. placement.Functions.Where(p => p.Contexts != ExecContext.Process).Select(p => p.Function)];

    /// <summary>Header functions that both halves have are placed nowhere: of their calls nothing is known.</summary>
    private readonly HashSet<string> placed = [.. placement.Functions.Select(p => p.Function)];

    public bool Has(DowncallDraft downcall) => downcall.Sites.Any(IsAtomic);

    private bool IsAtomic(Site site) =>
        !placed.Contains(site.Caller.Id) || atomic.Contains(site.Caller.Id)
        || regions.In(site.Caller.Id).Any(r => r.Rule.AtomicWhileHeld && r.Covers(CallSites.Of(site.Caller)[site.Call]));
}
