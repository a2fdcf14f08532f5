// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>What a call from the user half is.</summary>
internal enum Target
{
    /// <summary>A driver function of the user half.</summary>
    User,

    /// <summary>A header inline that is compiled into the user half, or a function of the driver that both halves have.</summary>
    Inline,

    /// <summary>A function of which the user half has its own (memcpy, udelay): its effects follow from prototype and rule.</summary>
    Local,

    /// <summary>Runs in the kernel.</summary>
    Downcall,
}
