// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>Uses of one record or global, turned into rows of the plan: arrays flattened, bit-fields joined to storage units.</summary>
internal static class FieldDrafts
{
    public static ImmutableArray<FieldDraft> Of(IEnumerable<Use> uses, FieldKinds kinds, Func<string, bool> isVisited)
    {
        var rows = uses.SelectMany(u => Rows(u, kinds)).Where(r => r.Kind != FieldKind.Embed || isVisited(r.Record!)).ToArray();
        var bits = rows.Where(r => r.Kind == FieldKind.Bits).GroupBy(r => (r.Offset, r.Size, r.Count, r.Stride)).Select(g => g.First() with
        {
            Path = string.Join(", ", g.Select(r => r.Path).Order(StringComparer.Ordinal)), In = g.Any(r => r.In), Out = g.Any(r => r.Out),
        });
        return
        [
            .. rows.Where(r => r.Kind != FieldKind.Bits).Concat(bits)
                .OrderBy(r => r.Offset).ThenBy(r => r.Size).ThenBy(r => r.Count).ThenBy(r => r.Kind).ThenBy(r => r.Path, StringComparer.Ordinal),
        ];
    }

    /// <summary>Members of a union that share bytes, one seen as a pointer and the other not: no direction can be right for both.</summary>
    public static IEnumerable<(FieldDraft Pointer, FieldDraft Other)> Clashes(ImmutableArray<FieldDraft> rows)
    {
        var pointers = rows.Where(r => r.IsPointer && r.InUnion).ToArray();
        return from pointer in pointers
               from other in rows
               where !ReferenceEquals(pointer, other) && other.InUnion && other.Kind != FieldKind.Embed
                   && pointer.Offset < other.End && other.Offset < pointer.End
                   && !(other.IsPointer && other.Offset == pointer.Offset && IsSameSort(pointer, other))
               select (pointer, other);
    }

    private static bool IsSameSort(FieldDraft a, FieldDraft b) => (a.Kind == FieldKind.PtrFunc) == (b.Kind == FieldKind.PtrFunc);

    private static IEnumerable<FieldDraft> Rows(Use use, FieldKinds kinds)
    {
        var (kind, record, isIn, isOut) = kinds.Of(use);
        var place = use.Place;
        if (kind == FieldKind.Bits)
        {
            var (at, unit) = Unit(place.OffsetBits, place.SizeBits);
            place = place with { OffsetBits = at * 8, SizeBits = unit * 8 };
        }

        var size = place.SizeBits / 8;
        if (kind == FieldKind.Bytes && size == 1 && place.Dimensions is [.., { Stride: 1 } last] && place.Key.EndsWith("[]", StringComparison.Ordinal))
        {
            // Characters travel as one run.
            size = last.Count;
            place = place with { Key = place.Key[..^2], Dimensions = place.Dimensions.RemoveAt(place.Dimensions.Length - 1) };
        }

        var rows = Flatten(place).Select(f => new FieldDraft(
            use, f.Path, f.Offset, size, f.Count, f.Count == 1 ? size : f.Stride, kind, record, isIn, isOut)
            {
                Functions = kind == FieldKind.PtrFunc ? kinds.FunctionsOf(use) : [],
                Cookie = use.Place.Type.IsPointer && kinds.TakesNumbers(use),
            });
        // Where a pointer that is stored may lead elsewhere, it is only checked to be a known one.
        return isOut && record is not null && kinds.TakesOthers(use, record)
            ? rows.SelectMany(r => new[] { r with { Out = false }, r with { Kind = FieldKind.PtrOpaque, Record = null, In = false } })
                .Where(r => r.In || r.Out)
            : rows;
    }

    /// <summary>The smallest aligned unit that holds the bits.</summary>
    private static (long Offset, long Size) Unit(long first, long width)
    {
        for (var size = 1L; size < 8; size *= 2)
        {
            var start = first / 8 / size * size;
            if (first + width <= (start + size) * 8)
                return (start, size);
        }

        return (first / 64 * 8, 8);
    }

    /// <summary>
    /// One run of elements per row. Adjacent dimensions without a gap are one; of those that remain the longest is the row's run,
    /// the others are written out.
    /// </summary>
    private static IEnumerable<(string Path, long Offset, long Count, long Stride)> Flatten(Place place)
    {
        var runs = new List<(int First, int Last, long Count, long Stride)>();
        for (var i = 0; i < place.Dimensions.Length; i++)
        {
            var (count, stride) = place.Dimensions[i];
            if (runs.Count > 0 && runs[^1] is var outer && outer.Stride == count * stride)
                runs[^1] = (outer.First, i, outer.Count * count, stride);
            else
                runs.Add((i, i, count, stride));
        }

        if (runs.Count == 0)
            return [(place.Path, place.Offset, 1, 0)];
        var longest = runs.MaxBy(r => r.Count);
        IEnumerable<(ImmutableArray<long> Index, long Offset)> starts = [([], place.Offset)];
        for (var i = 0; i < place.Dimensions.Length; i++)
        {
            var (count, stride) = place.Dimensions[i];
            var inRun = i >= longest.First && i <= longest.Last;
            starts = starts.SelectMany(s => Enumerable.Range(0, inRun ? 1 : (int)count).Select(n => (s.Index.Add(n), s.Offset + (n * stride))));
        }

        return starts.Select(s => (Designator(place.Key, s.Index), s.Offset, longest.Count, longest.Stride));
    }

    private static string Designator(string key, ImmutableArray<long> index)
    {
        var parts = key.Split("[]");
        return string.Concat(parts.Select((part, i) => i < index.Length && i < parts.Length - 1 ? $"{part}[{index[i]}]" : part));
    }
}
