// SPDX-License-Identifier: GPL-2.0-only
using System.Globalization;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan.Checks;

/// <summary>Bits [Start, End) of an object that hold one scalar or pointer.</summary>
internal readonly record struct Span(long Start, long End, bool IsPointer);

/// <summary>Which bits a path names: a walk over the records, element by element, without anything remembered.</summary>
internal sealed class Layout(DriverModel model)
{
    private const int ElementsMax = 256;

    private readonly Dictionary<string, CRecord> records = model.Records.ToDictionary(r => r.Id);

    public CRecord? Record(string id) => records.GetValueOrDefault(id);

    /// <summary>All scalars of what the path names; of long arrays the first elements and the last. Null: no such path.</summary>
    public List<Span>? Spans(CType type, IReadOnlyList<string> path)
    {
        var spans = new List<Span>();
        return Follow(type, path, 0, 0, -1, spans) ? spans : null;
    }

    /// <summary>The record that directly holds the last member of the path, and that member; indices aside.</summary>
    public (string Record, string Field) Holder(string record, IReadOnlyList<string> path)
    {
        var (holder, field, _) = Last(record, path);
        return (holder, field);
    }

    /// <summary>Type of the last member, before any index.</summary>
    public CType? Member(string record, IReadOnlyList<string> path) => Last(record, path).Type;

    private (string Record, string Field, CType? Type) Last(string record, IReadOnlyList<string> path)
    {
        (string Record, string Field, CType? Type) last = (record, "", null);
        foreach (var step in path.Where(p => !p.StartsWith('[')))
        {
            var inner = last.Type ?? new CType(CKind.Record, 0, "", Record: record);
            while (inner is { Kind: CKind.Array, Element: { } element })
                inner = element;
            if (inner.Record is null || Find(inner.Record, step) is not { } found)
                return ("", "", null);
            last = (found.Record, step, found.Type);
        }

        return last;
    }

    private (string Record, CType Type)? Find(string record, string name)
    {
        foreach (var field in Record(record)?.Fields ?? [])
        {
            if (field.Name == name)
                return (record, field.Type);
            if (field.Name.Length == 0 && field.Type.Record is { } inner && Find(inner, name) is { } found)
                return found;
        }

        return null;
    }

    private bool Follow(CType type, IReadOnlyList<string> path, int at, long bits, long width, List<Span> spans)
    {
        if (at == path.Count)
            return Scalars(type, bits, width, spans);
        var step = path[at];
        if (type is { Kind: CKind.Array, Element: { } element })
        {
            if (!step.StartsWith('['))
                return Elements(type.Count).All(i => Follow(element, path, at, bits + (i * element.Size * 8L), -1, spans));
            if (long.TryParse(step[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                return Follow(element, path, at + 1, bits + (index * element.Size * 8), -1, spans);
            return Elements(type.Count).All(i => Follow(element, path, at + 1, bits + (i * element.Size * 8L), -1, spans));
        }

        if (type.Record is null || Record(type.Record) is not { } record)
            return false;
        foreach (var field in record.Fields)
        {
            if (field.Name == step)
                return Follow(field.Type, path, at + 1, bits + field.OffsetBits, field.IsBitField ? field.SizeBits : -1, spans);
            if (field.Name.Length == 0 && field.Type.Record is not null && Names(field.Type.Record, step))
                return Follow(field.Type, path, at, bits + field.OffsetBits, -1, spans);
        }

        return false;
    }

    private bool Names(string record, string member) => Record(record) is { } found
        && found.Fields.Any(f => f.Name == member || (f.Name.Length == 0 && f.Type.Record is { } inner && Names(inner, member)));

    private bool Scalars(CType type, long bits, long width, List<Span> spans)
    {
        switch (type.Kind)
        {
            case CKind.Array:
                return Elements(Math.Max(type.Count, 0)).All(i => Scalars(type.Element!, bits + (i * type.Element!.Size * 8L), -1, spans));
            case CKind.Record when Record(type.Record!) is { } record:
                return record.Fields.Where(f => f.Name.Length > 0 || f.Type.Record is not null)
                    .All(f => Scalars(f.Type, bits + f.OffsetBits, f.IsBitField ? f.SizeBits : -1, spans));
            case CKind.Record:
                return false;
            default:
                spans.Add(new Span(bits, bits + (width >= 0 ? width : type.Size * 8L), type.IsPointer));
                return true;
        }
    }

    private static IEnumerable<long> Elements(long count)
    {
        for (long i = 0; i < count; i++)
            if (i < ElementsMax || i == count - 1)
                yield return i;
    }
}
