// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Lab;

/// <summary>A kernel that can be booted and built against.</summary>
/// <param name="Release">as <c>uname -r</c> prints it</param>
/// <param name="Image">the bzImage</param>
/// <param name="ModulesDir">.../lib/modules/RELEASE</param>
/// <param name="BuildDir">KDIR for out-of-tree modules</param>
/// <param name="Checking">true for the debug kernel: slower, and able to find far more</param>
public sealed record LabKernel(string Release, string Image, string ModulesDir, string BuildDir, bool Checking);
