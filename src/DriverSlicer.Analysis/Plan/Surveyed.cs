// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>What a survey counts of one driver.</summary>
/// <param name="Roots">The ways into the driver.</param>
/// <param name="Free">The placement by contexts and locks alone.</param>
/// <param name="Final">With the constructs that no plan is sound for.</param>
/// <param name="Regions">Locked regions of moved functions that would stay behind as functions of their own.</param>
/// <param name="Pins">Constructs that keep functions, by function id.</param>
public sealed record Surveyed(
    CallGraph Graph, ImmutableArray<Root> Roots, PlacementResult Free, PlacementResult Final, ImmutableArray<OutlineRequest> Regions, ImmutableArray<Pin> Pins)
{
    public static KeptBy Kept(Placed placed) => Reasons.Kind(placed);
}
