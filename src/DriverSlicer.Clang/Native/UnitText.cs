// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Clang.Native;

/// <summary>The main file's text as Clang sees it.</summary>
/// <param name="Path">Path given to Clang; relative includes start there.</param>
/// <param name="Name">Path shown to people.</param>
/// <param name="Inserted">Whole lines put in at <paramref name="InsertionOffset"/>.</param>
internal sealed record UnitText(string Path, string Name, byte[] Original, int InsertionOffset, byte[] Inserted)
{
    public int InsertedLines { get; } = Inserted.Count(b => b == '\n');

    public byte[] WithInsertion() =>
        [.. Original.AsSpan(0, InsertionOffset), .. Inserted, .. Original.AsSpan(InsertionOffset)];
}
