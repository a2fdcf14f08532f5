// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Clang.Lowering;
using DriverSlicer.Model;

namespace DriverSlicer.Clang;

/// <summary>A driver's units as they were read, and the model that they make together. Reading again after a change costs the changed units only.</summary>
public sealed class DriverUnits
{
    internal DriverUnits(DriverModel model, ImmutableArray<(SourceFile File, UnitModel Model)> read) => (Model, Read) = (model, read);

    public DriverModel Model { get; }

    /// <summary>All files that the parse read besides the units themselves, those of the kernel among them: absolute paths, sorted.</summary>
    public ImmutableArray<string> FilesRead => [.. Read.SelectMany(r => r.Model.FilesRead).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>In the order of the build's units.</summary>
    internal ImmutableArray<(SourceFile File, UnitModel Model)> Read { get; }

    /// <summary>Does the unit define one of these functions?</summary>
    internal bool Defines(int unit, IReadOnlySet<string> functions) =>
        Read[unit].Model.Functions.Any(f => f.Body is not null && functions.Contains(f.Id));
}
