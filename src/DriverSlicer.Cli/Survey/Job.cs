// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Clang;

namespace DriverSlicer.Cli.Survey;

/// <summary>One module for a worker.</summary>
/// <param name="Skipped">Files on which a worker died before.</param>
public sealed record Job(string Release, string BuildDirectory, string SourceDirectory, ModuleSource Module, ImmutableArray<FailedFile> Skipped)
{
    /// <summary>To be precompiled; none if empty.</summary>
    public ImmutableArray<string> Headers { get; init; } = [];

    /// <summary>Where precompiled headers go.</summary>
    public string Scratch { get; init; } = "";
}
