// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Clang.Lowering;
using DriverSlicer.Clang.Outlining;
using DriverSlicer.Model;

namespace DriverSlicer.Clang;

/// <summary>A driver's units as they were read, and the model that they make together. Reading again costs the changed units only.</summary>
public sealed class DriverUnits : IDisposable
{
    internal DriverUnits(DriverModel model, ImmutableArray<(SourceFile File, UnitModel Model)> read, OpenUnits open) =>
        (Model, Read, Open, Last) = (model, read, open, new Outlined?[read.Length]);

    public DriverModel Model { get; }

    /// <summary>All files that the parse read besides the units themselves, those of the kernel among them: absolute paths, sorted.</summary>
    public ImmutableArray<string> FilesRead => [.. Read.SelectMany(r => r.Model.FilesRead).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>In the order of the build's units.</summary>
    internal ImmutableArray<(SourceFile File, UnitModel Model)> Read { get; }

    internal OpenUnits Open { get; }

    public void Dispose() => Open.Dispose();

    /// <summary>What was asked for last of each unit, and what came of it: most rounds change few of them.</summary>
    internal Outlined?[] Last { get; }

    /// <summary>Those requests that concern a unit, as it defines their functions.</summary>
    internal ImmutableArray<OutlineRequest> Concerning(int unit, ImmutableArray<OutlineRequest> requests)
    {
        var defined = Read[unit].Model.Functions.Where(f => f.Body is not null).Select(f => f.Id).ToHashSet(StringComparer.Ordinal);
        return [.. requests.Where(r => defined.Contains(r.Function))];
    }

    /// <param name="Read">Of the text, once it was read.</param>
    internal sealed record Outlined(ImmutableArray<OutlineRequest> Requests, OutlinedText Text, (SourceFile File, UnitModel Model)? Read);
}
