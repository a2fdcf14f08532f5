// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Cli.Survey;

/// <summary>The I-th of N parts, from 1: every N-th module, so that each part has some of every class.</summary>
public sealed record Shard(int Index, int Count)
{
    public static readonly Shard Whole = new(1, 1);

    /// <summary>Null for what is not I/N.</summary>
    public static Shard? Parse(string text) =>
        text.Split('/') is [var i, var n] && int.TryParse(i, out var index) && int.TryParse(n, out var count) && index >= 1 && index <= count
            ? new Shard(index, count) : null;

    public ImmutableArray<T> Of<T>(IEnumerable<T> all) => [.. all.Where((_, i) => i % Count == Index - 1)];

    public override string ToString() => $"{Index}/{Count}";
}
