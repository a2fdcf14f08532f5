// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Report;

/// <summary>How the driver divides; functions without a text of their own are not counted.</summary>
/// <param name="LinesChanged">Lines in which the text that was compiled differs from what the source package holds; null where that text is not at hand.</param>
public sealed record Headline(int UserFunctions, int KernelFunctions, int UserLines, int KernelLines, int? LinesChanged);
