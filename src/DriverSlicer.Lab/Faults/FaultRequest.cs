// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Lab.Faults;

/// <summary>A campaign against one driver.</summary>
/// <param name="Lab">Workload: a faults-* row; MicroFiles: a fault build; EvidenceDir: consoles and the journal go there</param>
/// <param name="Promised">class A faults wanted: those count that struck</param>
/// <param name="NotPromised">class B faults wanted</param>
/// <param name="Kinds">those that may be chosen</param>
/// <param name="Only">instead of a campaign, these</param>
/// <param name="Key">what results depend on; another key begins anew</param>
public sealed record FaultRequest(
    LabRequest Lab, ImmutableSortedDictionary<string, FaultTarget> Targets, int Promised, int NotPromised, ImmutableArray<FaultPoint> Only, ImmutableArray<FaultKind> Kinds, string Key);
