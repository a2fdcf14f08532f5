// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>What the fields of a region, taken together, cannot be marshaled with. Blamed on those who read the field in question.</summary>
internal static class FieldProblems
{
    private const int DepthMax = 8;

    public static IEnumerable<Problem> Of(UserHalf half, Uses uses, FieldKinds kinds)
    {
        foreach (var use in uses.All)
            if (kinds.TroubleOf(use) is var (trouble, message, blamed, next))
                foreach (var (user, location) in blamed)
                    yield return new Problem(trouble, user, location, message) { Next = next };

        foreach (var record in uses.Records)
        {
            foreach (var (pointer, other) in FieldDrafts.Clashes(WithEmbedded(uses, kinds, record.Key, 0, false, 0)))
            {
                var message = $"{half.Records.Name(record.Key)}.{pointer.Path} is a pointer and shares its bytes with {other.Path}";
                foreach (var (user, location) in pointer.Use.Readers.Concat(pointer.Use.Writers))
                    yield return new Problem(Trouble.Union, user, location, message);
            }
        }
    }

    /// <summary>Of one entry point: what another one takes a pointer for does not matter.</summary>
    public static IEnumerable<Problem> Ambiguous(Uses uses, FieldKinds kinds) =>
        from use in uses.All
        from found in kinds.Ambiguous(use)
        select new Problem(Trouble.OtherView, found.Function, found.Location, found.Message) { Next = found.Next };

    /// <summary>Rows of a record together with those of records visited inside of it, at their places.</summary>
    private static ImmutableArray<FieldDraft> WithEmbedded(Uses uses, FieldKinds kinds, string record, long offset, bool inUnion, int depth)
    {
        var rows = FieldDrafts.Of(uses.Records.GetValueOrDefault(record)?.Values ?? Enumerable.Empty<Use>(), kinds, uses.IsVisited);
        return
        [
            .. rows.Select(r => r with { Offset = r.Offset + offset, InUnion = r.InUnion || inUnion }),
            .. rows.Where(r => r.Kind == FieldKind.Embed && depth < DepthMax)
                .SelectMany(r => WithEmbedded(uses, kinds, r.Record!, r.Offset + offset, r.InUnion || inUnion, depth + 1)),
        ];
    }
}
