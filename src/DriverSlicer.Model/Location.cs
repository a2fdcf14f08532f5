// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Model;

/// <summary>A place in source text as a person finds it: file, 1-based line and column.</summary>
public sealed record Location(string File, int Line, int Column)
{
    public static readonly Location None = new("", 0, 0);

    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
