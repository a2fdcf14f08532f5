// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Cli.Tabling;

/// <summary>What the user asked of <c>table</c>.</summary>
/// <param name="Drivers">empty: those of lab/table.json</param>
/// <param name="Kernels">series or releases; empty: those of lab/table.json that are installed</param>
/// <param name="Kinds">what is run; what is not may be recorded all the same</param>
public sealed record TableOptions(ImmutableArray<string> Drivers, ImmutableArray<string> Kernels, ImmutableArray<TableKind> Kinds, bool RecordedOnly, string? Json);
