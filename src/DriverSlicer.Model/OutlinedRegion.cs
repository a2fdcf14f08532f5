// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Model;

/// <summary>A locked region or a statement that became a function of its own, at the end of its unit.</summary>
/// <param name="Name">The function made of it.</param>
/// <param name="From">The function it was cut out of.</param>
/// <param name="Line">Its first line in the unit's text as analysed.</param>
/// <param name="OriginalLine">That line in the driver's file.</param>
/// <param name="IsStraight">All of it runs, once, whenever it is entered: no loop, no branch.</param>
public sealed record OutlinedRegion(string Name, string From, string Unit, int Line, int OriginalLine, bool IsStraight = false);
