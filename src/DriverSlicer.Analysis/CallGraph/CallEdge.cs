// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>One possible callee of one call. A call through a pointer has an edge per candidate, and an Unknown one if there may be others.</summary>
public sealed record CallEdge(Function Caller, Function? Callee, Call Fact, EdgeKind Kind);
