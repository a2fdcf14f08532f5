// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>What <see cref="PointerFlow"/> pushes along.</summary>
internal enum Sort { Origin, Untyped, Record }

/// <summary>What is known of the pointers that one node holds. Only what is new is passed on.</summary>
internal sealed class Knowledge
{
    /// <summary>The offset that stands for any.</summary>
    public const long Varying = long.MinValue;

    private readonly Dictionary<(Sort Sort, int Source), long> all = [];
    private readonly List<(Sort Sort, int Source, long Offset)> news = [];
    private readonly (int Source, long Offset)[]?[] sorted = new (int, long)[]?[3];

    /// <summary>False if nothing was learned. Two different offsets become any.</summary>
    public bool Learn(Sort sort, int source, long offset)
    {
        if (!all.TryGetValue((sort, source), out var old))
            all[(sort, source)] = offset;
        else if (old == offset || old == Varying)
            return false;
        else
            all[(sort, source)] = offset = Varying;
        news.Add((sort, source, offset));
        sorted[(int)sort] = null;
        return true;
    }

    public (Sort Sort, int Source, long Offset)[] TakeNews()
    {
        var taken = news.ToArray();
        news.Clear();
        return taken;
    }

    /// <summary>By source. Asked for again and again once all is known.</summary>
    public (int Source, long Offset)[] All(Sort sort) =>
        sorted[(int)sort] ??= [.. all.Where(t => t.Key.Sort == sort).Select(t => (t.Key.Source, t.Value)).OrderBy(t => t.Source)];
}
