// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Cli.Faults;

/// <summary>What <c>faults</c> was asked to do.</summary>
/// <param name="Count">class A faults over all drivers together</param>
/// <param name="NotPromised">class B faults over all drivers together</param>
/// <param name="Kinds">kinds and groups of them; empty: all</param>
/// <param name="Point">this one alone</param>
public sealed record FaultsOptions(
    int Count, int NotPromised, int Seed, ImmutableArray<string> Drivers, ImmutableArray<string> Kinds, string? Point, bool Checking, string? Json, string? Kernel);
