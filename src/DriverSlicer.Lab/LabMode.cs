// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Lab;

/// <summary>Which driver the guest runs: the kernel's own module, or the sliced one.</summary>
public enum LabMode
{
    Native,
    Micro,
}
