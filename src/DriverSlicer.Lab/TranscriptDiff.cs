// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Lab;

/// <summary>A line that only one of two transcripts has; the other side is null.</summary>
/// <param name="Step">the step it stands in</param>
public sealed record TranscriptDifference(string Step, string? Native, string? Micro)
{
    public override string ToString() => Native is not null ? $"{Step}: native only: {Native}" : $"{Step}: micro only: {Micro}";
}

/// <summary>Compares what two runs said, apart from what masks declare to be legitimately different.</summary>
public static class TranscriptDiff
{
    public static ImmutableArray<TranscriptDifference> Compare(
        ImmutableArray<string> native, ImmutableArray<string> micro, ImmutableArray<Mask> masks)
    {
        var (a, b) = (Apply(native, masks), Apply(micro, masks));
        var common = CommonSuffixLengths(a, b);
        var differences = ImmutableArray.CreateBuilder<TranscriptDifference>();
        var step = "";
        for (int i = 0, j = 0; i < a.Length || j < b.Length;)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                step = a[i].StartsWith("== ", StringComparison.Ordinal) ? a[i][3..] : step;
                (i, j) = (i + 1, j + 1);
            }
            else if (j == b.Length || (i < a.Length && common[i + 1, j] >= common[i, j + 1]))
                differences.Add(new(step, a[i++], null));
            else
                differences.Add(new(step, null, b[j++]));
        }
        return differences.ToImmutable();
    }

    /// <summary>
    /// Of the differences to one native run those that are differences to another as well, and lines that stand in the transcript less often
    /// than in both native ones, or more often. The others the driver itself says one way or the other.
    /// </summary>
    public static ImmutableArray<TranscriptDifference> ToBoth(
        ImmutableArray<string> native, ImmutableArray<string> again, ImmutableArray<string> micro, ImmutableArray<Mask> masks)
    {
        var other = Compare(again, micro, masks).ToList();
        var counts = new[] { native, again, micro }.Select(t => Apply(t, masks).CountBy(line => line).ToDictionary(StringComparer.Ordinal)).ToArray();
        bool IsBetween(string line)
        {
            var (one, two, here) = (counts[0].GetValueOrDefault(line), counts[1].GetValueOrDefault(line), counts[2].GetValueOrDefault(line));
            return here >= Math.Min(one, two) && here <= Math.Max(one, two);
        }

        return [.. Compare(native, micro, masks).Where(d => other.Remove(d) || !IsBetween((d.Native ?? d.Micro)!))];
    }

    public static ImmutableArray<string> Apply(ImmutableArray<string> transcript, ImmutableArray<Mask> masks)
    {
        var drops = masks.Where(m => m.Replacement is null).ToArray();
        var rewrites = masks.Where(m => m.Replacement is not null).ToArray();
        return
        [
            .. transcript.Where(line => !drops.Any(m => m.Pattern.IsMatch(line)))
                .Select(line => rewrites.Aggregate(line, (l, m) => m.Pattern.Replace(l, m.Replacement!))),
        ];
    }

    /// <summary>Length of the longest common subsequence of what follows i and j.</summary>
    private static int[,] CommonSuffixLengths(ImmutableArray<string> a, ImmutableArray<string> b)
    {
        var lengths = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
                lengths[i, j] = a[i] == b[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
        }
        return lengths;
    }
}
