// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Cli.Survey;

/// <param name="Subtree">Folder or module of the kernel tree; null for all drivers.</param>
/// <param name="Workers">Child processes.</param>
/// <param name="Sample">Only so many modules, drawn with <paramref name="Seed"/>; 0 for all.</param>
public sealed record SurveyOptions(string? Subtree, string? Json, string? Kernel, int Workers, Shard Shard, int Sample, int Seed)
{
    /// <summary>Every file is read from scratch, without precompiled headers.</summary>
    public bool Exact { get; init; }

    /// <summary>How long one file may be read, or one module analysed, before it is given up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);
}
