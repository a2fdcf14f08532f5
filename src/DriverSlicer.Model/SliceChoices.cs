// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Model;

/// <summary>What a person wants of one driver: the lines of its slice.toml (docs/reference/slice-toml.md). None, as a rule.</summary>
public sealed record SliceChoices(ImmutableArray<FunctionChoice> Functions, ImmutableArray<PointerChoice> Pointers, ImmutableArray<LockLine> Locks)
{
    public static readonly SliceChoices None = new([], [], []);

    /// <summary>Lines: what reports call annotations.</summary>
    public int Count => Functions.Length + Pointers.Length + Locks.Length;
}

/// <summary>Half: kernel keeps the function; user refuses the driver if the function cannot move.</summary>
/// <param name="Promise">Why the person knows that a place without a rule calls it only where it may sleep; or null.</param>
public sealed record FunctionChoice(string Name, Half Half, string? Promise, Location Location);

/// <summary>A pointer field of which the driver's text does not tell what it leads to.</summary>
/// <param name="Name"><c>struct own.data</c>, or a global's name.</param>
/// <param name="Is"><c>struct first</c>, or <c>string</c>.</param>
/// <param name="Promise">Why the person knows.</param>
public sealed record PointerChoice(string Name, string Is, string Promise, Location Location)
{
    public bool IsString => Is == "string";
}

/// <param name="Name">As reports name the lock.</param>
/// <param name="Answer">Pin, Gate or Outline.</param>
public sealed record LockLine(string Name, LockChoice Answer, Location Location);
