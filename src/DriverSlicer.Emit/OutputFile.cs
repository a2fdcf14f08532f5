// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Emit;

/// <summary>One file of the output folder, in memory. <see cref="Path"/> is relative and uses forward slashes.</summary>
public sealed record OutputFile(string Path, string Text);

/// <summary>A file of the runtime that stands unchanged in the output folder: <see cref="From"/> is relative to the root of the runtime's sources.</summary>
public sealed record CopiedFile(string From, string To);
