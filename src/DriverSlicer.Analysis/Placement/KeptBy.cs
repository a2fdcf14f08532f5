// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Analysis;

/// <summary>What keeps a function in the kernel half, for statistics.</summary>
public enum KeptBy
{
    /// <summary>Nothing: it is in the user half.</summary>
    Nothing,

    /// <summary>It, or what leads to it, is hot or entered where it cannot sleep.</summary>
    Context,

    /// <summary>A lock that has no answer, its own or the caller's.</summary>
    Lock,

    /// <summary>Entered from a place without a rule, so any context is assumed.</summary>
    NoRule,

    /// <summary>Other modules call it, or what leads to it.</summary>
    Exported,

    /// <summary>No root reaches it.</summary>
    Unreached,

    /// <summary>A macro made it: it has no text to move.</summary>
    Generated,

    /// <summary>A person, in slice.toml.</summary>
    Choice,

    /// <summary>A construct that has no sound plan.</summary>
    Construct,
}
