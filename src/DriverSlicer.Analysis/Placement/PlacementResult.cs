// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <param name="Functions">Every function that the driver defines, by its own text or through a macro; in the model's order.</param>
/// <param name="Locks">By name.</param>
/// <param name="Diagnostics">DS0401 and up, by location; never errors: what is unclear stays in the kernel half.</param>
public sealed record PlacementResult(ImmutableArray<Placed> Functions, ImmutableArray<LockAnswer> Locks, ImmutableArray<Diagnostic> Diagnostics)
{
    public GatePlan Gate { get; init; } = GatePlan.None;

    /// <summary>Regions of user-half functions whose lock is answered by outlining, by function and start.</summary>
    public ImmutableArray<HeldRegion> Outlines { get; init; } = [];
}
