// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>What the fields of a region, taken together, cannot be marshaled with. Blamed on those who read the field in question.</summary>
internal static class FieldProblems
{
    public static IEnumerable<Problem> Of(UserHalf half, Uses uses, FieldKinds kinds)
    {
        foreach (var use in uses.All)
            if (kinds.TroubleOf(use) is var (trouble, message))
                foreach (var (reader, location) in use.Readers)
                    yield return new Problem(trouble, reader, location, message);

        foreach (var record in uses.Records)
        {
            foreach (var (pointer, other) in FieldDrafts.Clashes(FieldDrafts.Of(record.Value.Values, kinds, uses.IsVisited)))
            {
                var message = $"{half.Records.Name(record.Key)}.{pointer.Path} is a pointer and shares its bytes with {other.Path}";
                foreach (var (user, location) in pointer.Use.Readers.Concat(pointer.Use.Writers))
                    yield return new Problem(Trouble.Union, user, location, message);
            }
        }
    }
}
