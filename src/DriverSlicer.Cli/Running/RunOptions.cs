// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Cli.Running;

/// <summary>What the user asked of <c>run</c>, as given.</summary>
/// <param name="Drivers">One, or several modules that are sliced together.</param>
public sealed record RunOptions(
    ImmutableArray<string> Drivers, string? Device, string? Workload, bool Native, bool Micro, int Seconds, int Seed, int Pairs, int Boots,
    ImmutableArray<string> QemuArgs, bool Checking, string? Json, string? Kernel)
{
    /// <summary>The user half is a checking build.</summary>
    public bool Poison { get; init; }

    /// <summary>It reports each place once and goes on, instead of stopping.</summary>
    public bool PoisonAll { get; init; }

    /// <summary>More options for the compiler of the user half.</summary>
    public string? UserFlags { get; init; }

    /// <summary>A slice.toml; null: the one beside the driver, if there is one.</summary>
    public string? Config { get; init; }

    /// <summary>The driver is read anew.</summary>
    public bool NoCache { get; init; }

    /// <summary>For tests: a field that is taken out of the finished plan, as TYPE.FIELD:in or :out.</summary>
    public string? DropField { get; init; }

    /// <summary>Keeps builds and evidence of a checking build apart, and of one with the user's own flags.</summary>
    public string Suffix => (Poison ? "-poison" : DropField is null ? "" : "-dropped") + (UserFlags is null ? "" : "-cflags");
}
