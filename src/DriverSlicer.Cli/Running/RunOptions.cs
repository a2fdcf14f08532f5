// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Cli.Running;

/// <summary>What the user asked of <c>run</c>, as given.</summary>
public sealed record RunOptions(
    string Driver, string? Device, string? Workload, bool Native, bool Micro, int Seconds, int Seed,
    ImmutableArray<string> QemuArgs, bool Checking, string? Json, string? Kernel);
