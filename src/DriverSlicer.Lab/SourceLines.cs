// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;

namespace DriverSlicer.Lab;

/// <summary>A place in source text, as the debug information has it.</summary>
public sealed record SourceLine(string Function, string File, int Line)
{
    public override string ToString() => $"{File}:{Line} ({Function})";
}

/// <summary>Return addresses to source lines, by binutils' addr2line.</summary>
public static class SourceLines
{
    /// <returns>Innermost first, inlined functions each on their own; empty when there is nothing to look up.</returns>
    public static async Task<ImmutableArray<SourceLine>> ResolveAsync(string shared, ImmutableArray<ulong> places, CancellationToken ct)
    {
        if (places.IsEmpty)
            return [];
        // The call is before the address that it returns to.
        var words = places.Select(p => "0x" + (p - 1).ToString("x", CultureInfo.InvariantCulture));
        return Parse(await Subprocess.RunAsync("addr2line", ["-f", "-i", "-e", shared, .. words], ct));
    }

    /// <summary>Pairs of lines: function, then file:line with an optional remark.</summary>
    public static ImmutableArray<SourceLine> Parse(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found = ImmutableArray.CreateBuilder<SourceLine>();
        for (var i = 0; i + 1 < lines.Length; i += 2)
        {
            var place = lines[i + 1].Split(' ')[0];
            var colon = place.LastIndexOf(':');
            if (colon > 0 && int.TryParse(place[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var line))
                found.Add(new SourceLine(lines[i], Path.GetFileName(place[..colon]), line));
        }

        return found.ToImmutable();
    }
}
