// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <param name="Record">For Object: its type.</param>
internal sealed record ParameterDraft(
    DownParameterKind Kind, CType Type, string? Record = null, string? Size = null, bool In = true, bool Out = true)
{
    public bool Needed { get; init; }

    public bool Cookie { get; init; }

    public bool Errors { get; init; }

    /// <summary>Opaque: the records that it leads to; empty: anything known.</summary>
    public ImmutableArray<string> Among { get; init; } = [];

    /// <summary>Function: those that it can name.</summary>
    public ImmutableArray<string> Functions { get; init; } = [];
}

/// <param name="Record">For Object and allocations of a fixed type.</param>
internal sealed record ResultDraft(
    DownResultKind Kind, CType Type, string? Record = null, string? Size = null, bool Zeroed = false, string? Device = null, bool Coherent = false);

/// <summary>A downcall whose types still go by record id, and what is wrong with it.</summary>
internal sealed record DowncallDraft(
    Function Function, DowncallKind Kind, string Unit, ImmutableArray<ParameterDraft> Parameters, ResultDraft Result, int Frees, bool Variadic,
    ImmutableArray<Site> Sites, ImmutableArray<Problem> Problems)
{
    public IEnumerable<string> Records => Parameters.Select(p => p.Record).Append(Result.Record).OfType<string>().Concat(Parameters.SelectMany(p => p.Among));
}
