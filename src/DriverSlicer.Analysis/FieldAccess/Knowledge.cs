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
        return true;
    }

    public (Sort Sort, int Source, long Offset)[] TakeNews()
    {
        var taken = news.ToArray();
        news.Clear();
        return taken;
    }

    public IEnumerable<(int Source, long Offset)> All(Sort sort) =>
        all.Where(t => t.Key.Sort == sort).OrderBy(t => t.Key.Source).Select(t => (t.Key.Source, t.Value));
}
