// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace DriverSlicer.Lab;

/// <summary>
/// A legitimate difference between two transcripts. Mask files (lab/masks) have one per line, each under a comment that
/// gives the reason: <c>drop REGEX</c> leaves matching lines out, <c>sub REGEX => TEXT</c> rewrites what matches.
/// </summary>
/// <param name="Replacement">null: the whole line is left out</param>
public sealed record Mask(Regex Pattern, string? Replacement)
{
    /// <summary>The masks that hold for every workload, those of this one, and those of this one with this driver.</summary>
    public static ImmutableArray<Mask> Load(string workload, string? driver = null)
    {
        var folder = Path.Combine(LabFolder.Find(), "masks");
        var name = Path.GetFileNameWithoutExtension(workload);
        var files = new[] { "common", name, $"{name}-{driver}" }.Select(n => Path.Combine(folder, n + ".masks"));
        return [.. files.Where(File.Exists).SelectMany(f => Parse(File.ReadAllText(f), f))];
    }

    public static ImmutableArray<Mask> Parse(string text, string file)
    {
        var masks = ImmutableArray.CreateBuilder<Mask>();
        var reason = false;
        foreach (var (line, number) in text.Split('\n').Select((l, i) => (l.Trim(), i + 1)))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                reason = line.Length > 1;
                continue;
            }
            if (!reason)
                throw new LabException($"{file}:{number}: a mask without a reason: put a comment above it");
            masks.Add(ParseLine(line) ?? throw new LabException($"{file}:{number}: expected 'drop REGEX' or 'sub REGEX => TEXT'"));
            reason = false;
        }
        return masks.ToImmutable();
    }

    private static Mask? ParseLine(string line)
    {
        try
        {
            if (line.StartsWith("drop ", StringComparison.Ordinal))
                return new Mask(new Regex(line[5..].Trim(), RegexOptions.CultureInvariant), null);
            var arrow = line.IndexOf(" => ", StringComparison.Ordinal);
            return line.StartsWith("sub ", StringComparison.Ordinal) && arrow > 0
                ? new Mask(new Regex(line[4..arrow].Trim(), RegexOptions.CultureInvariant), line[(arrow + 4)..])
                : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
