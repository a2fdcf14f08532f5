// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Report;

/// <summary>A figure that another system's authors published: a range, or a point where both ends are equal.</summary>
/// <param name="Measure">share_out (% of the driver's code), annotations (% of it), lines_changed, interface_lines (written or corrected by hand), throughput, cpu, init (the last three: divided by native).</param>
/// <param name="Note">What it is of.</param>
/// <param name="Basis">How it is known: read in the paper, its abstract, or second hand.</param>
public sealed record Published(string System, string Measure, double Low, double High, string Note, string Source, string Basis);
