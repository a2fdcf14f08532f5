// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>Numbers for record types, and what the runtime must know of each to check a pointer.</summary>
internal sealed class TypeDrafts
{
    private const int EmbedsMax = 4096;

    private readonly ImmutableDictionary<string, int> numbers;

    public TypeDrafts(UserHalf half, IEnumerable<string> records)
    {
        string Spelling(string id) => ByteBlock.Is(id) ? ByteBlock.Spelling(id) : half.Records.Find(id)!.Spelling;
        var sorted = records.Distinct().OrderBy(Spelling, StringComparer.Ordinal).ThenBy(id => id, StringComparer.Ordinal).ToArray();
        numbers = sorted.Select((id, i) => (id, i)).ToImmutableDictionary(p => p.id, p => p.i);
        Types =
        [
            .. sorted.Select(id => ByteBlock.Is(id)
                ? new PlanType(id, ByteBlock.Spelling(id), ByteBlock.SizeOf(id), half.Graph.Model.Files.FirstOrDefault()?.Path ?? "", [])
                : Draw(half, half.Records.Find(id)!)),
        ];
    }

    public ImmutableArray<PlanType> Types { get; }

    public int NumberOf(string record) => numbers[record];

    private PlanType Draw(UserHalf half, CRecord record)
    {
        var nested = half.Records.Nested(new CType(CKind.Record, record.Size, record.Spelling, Record: record.Id));
        var embeds = nested.Where(n => numbers.ContainsKey(n.Record)).Take(EmbedsMax)
            .Select(n => new Embed((int)n.Offset, numbers[n.Record])).Distinct().OrderBy(e => e.Offset).ThenBy(e => e.Type);
        return new PlanType(record.Id, record.Spelling, record.Size, record.SeenIn, [.. embeds]);
    }
}
