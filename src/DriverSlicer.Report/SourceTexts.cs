// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Report;

/// <summary>The driver's files that hold functions, and where lines begin in them.</summary>
internal sealed class SourceTexts
{
    private readonly Dictionary<string, int> indices;
    private readonly ImmutableArray<ImmutableArray<int>> starts;

    private SourceTexts(ImmutableArray<IncludedFile> files)
    {
        Files = files;
        indices = files.Select((f, i) => (f.Path, i)).ToDictionary(p => p.Path, p => p.i, StringComparer.Ordinal);
        starts = [.. files.Select(f => LineStarts(Encoding.UTF8.GetBytes(f.Text)))];
    }

    public ImmutableArray<IncludedFile> Files { get; }

    public static SourceTexts Of(DriverModel model)
    {
        var used = model.Functions.Select(f => f.Definition?.File).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return new SourceTexts(
        [
            .. model.Files.SelectMany(f => f.Included.Prepend(new IncludedFile(f.Path, f.Text)))
                .Where(f => used.Contains(f.Path)).DistinctBy(f => f.Path).OrderBy(f => f.Path, StringComparer.Ordinal),
        ]);
    }

    /// <summary>File, first and last line (1-based) of a definition; file -1 where the text is not ours to show.</summary>
    public (int File, int First, int Last) Lines(Extent? extent) => extent is not null && indices.TryGetValue(extent.File, out var file)
        ? (file, LineOf(file, extent.Start), LineOf(file, Math.Max(extent.Start, extent.End - 1)))
        : (-1, 0, 0);

    private int LineOf(int file, int offset)
    {
        var at = starts[file].BinarySearch(offset);
        return at >= 0 ? at + 1 : ~at;
    }

    private static ImmutableArray<int> LineStarts(byte[] text) =>
        [0, .. Enumerable.Range(0, text.Length).Where(i => text[i] == '\n').Select(i => i + 1)];
}
