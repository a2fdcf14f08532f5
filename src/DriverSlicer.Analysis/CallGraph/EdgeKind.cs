// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Analysis;

/// <summary>How the callee of a call is known.</summary>
public enum EdgeKind
{
    /// <summary>The call names it.</summary>
    Direct,

    /// <summary>Through an ops field: every function that the driver stores in that field.</summary>
    Field,

    /// <summary>Through a local, parameter, result or global whose stored functions are known.</summary>
    Node,

    /// <summary>Through a pointer that may hold functions that the driver never named. <see cref="CallEdge.Callee"/> is null.</summary>
    Unknown,

    /// <summary>A function that an Unknown call may enter for all that is known. Only in <see cref="CallGraph.Possible"/>.</summary>
    Guess,
}
