// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis;
using DriverSlicer.Model;

namespace DriverSlicer.Report;

/// <summary>All that a report shows. The same input gives the same bytes.</summary>
/// <param name="Graph">Of the plan's own model: who calls whom.</param>
public sealed record ReportInput(SlicePlan Plan, CallGraph Graph, Headline Headline)
{
    /// <summary>What a run measured, or null: the page then has no plots of its own figures.</summary>
    public Measurements? Measurements { get; init; }

    /// <summary>Figures that other systems published.</summary>
    public ImmutableArray<Published> Published { get; init; } = [];
}
