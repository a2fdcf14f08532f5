// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>A construct in <see cref="Function"/> (an id) that cannot move to the user half. What it calls may.</summary>
public sealed record Pin(string Function, string Reason, Location Location, string DiagnosticId)
{
    /// <summary>In place of what the catalogue says to all such; or null.</summary>
    public string? Next { get; init; }

    /// <summary>Ids of the diagnostics that further constructs of the function have.</summary>
    public ImmutableArray<string> Further { get; init; } = [];
}
