// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Analysis.Plan.Checks;

/// <summary>The tables are consistent: numbers inside tables, rows inside records, and no pointer travels as bytes.</summary>
internal static class TableChecks
{
    public static IEnumerable<Diagnostic> Run(SlicePlan plan, Layout layout)
    {
        foreach (var upcall in plan.Upcalls)
        {
            var at = plan.Model.Functions.First(f => f.Id == upcall.Function).Location;
            foreach (var message in OfUpcall(plan, layout, upcall))
                yield return SliceChecks.Failure(at, $"plan of {upcall.Name}: {message}");
        }

        foreach (var downcall in plan.Downcalls)
        {
            var objects = downcall.Parameters.Where(p => p.Kind == DownParameterKind.Object).Select(p => p.Type);
            if (downcall.Result.Kind == DownResultKind.Object)
                objects = objects.Append(downcall.Result.Type);
            if (objects.Any(o => !IsIndex(o, plan.Types)))
                yield return SliceChecks.Failure(Location.None, $"downcall {downcall.Name} has an object of no type");
            if (downcall.Acquires.FirstOrDefault(a => !plan.Downcalls.Any(d => d.Name == a.Release && (a.Passing || a.Lock ? d.Undoes : d.IsRelease))) is { } pair)
                yield return SliceChecks.Failure(Location.None, $"downcall {downcall.Name} is undone by {pair.Release}, which is no release downcall");
        }

        if (!IsGrouped(plan.Downcalls.Select(d => d.Unit)) || !IsGrouped(plan.Symbols.Select(s => s.Unit)))
            yield return SliceChecks.Failure(Location.None, "downcalls or symbols of one unit are not neighbours");
        foreach (var site in plan.Sites.Where(s => (s.Type != AllocationSite.Bytes && !IsIndex(s.Type, plan.Types)) || !IsIndex(s.Downcall, plan.Downcalls)))
            yield return SliceChecks.Failure(new Location(site.Unit, site.Line, 1), "allocation site outside of the tables");
    }

    private static IEnumerable<string> OfUpcall(SlicePlan plan, Layout layout, Upcall upcall)
    {
        if (plan.Functions.FirstOrDefault(p => p.Function == upcall.Function) is not { Half: Half.User })
            yield return "the function is not in the user half";
        if (upcall.Parameters.Append(upcall.Result).Any(p => p.Kind == PassKind.Object && !IsIndex(p.Type, plan.Types)))
            yield return "an object of no type is passed";
        if (upcall.Parameters.Append(upcall.Result).Any(p => p.Kind == PassKind.Array != p.Length is not null))
            yield return "an array without a length is passed, or a length without an array";
        if (upcall.Parameters.Any(p => p is { Kind: PassKind.Array, Type: < 0, In: false, Out: false }))
            yield return "an array is passed that nobody uses";
        if (!upcall.Visits.Select(v => v.Type).SequenceEqual(upcall.Visits.Select(v => v.Type).Distinct().Order()))
            yield return "visits are not sorted by type";
        foreach (var visit in upcall.Visits)
        {
            var type = plan.Types[visit.Type];
            var pointers = layout.Record(type.Record) is { IsUnion: false } record
                ? Pointers(layout, new CType(CKind.Record, record.Size, record.Spelling, Record: record.Id)) : [];
            foreach (var message in visit.Fields.SelectMany(f => OfRow(plan, f, type.Size, pointers)))
                yield return $"{type.Spelling}.{message}";
            if (visit.Derived.Any(d => !IsIndex(d.Type, plan.Types)))
                yield return $"{type.Spelling} leads to an object of no type";
        }

        foreach (var use in upcall.Globals)
        {
            var symbol = plan.Symbols[use.Symbol];
            if (symbol.Kind != SymbolKind.Data)
                yield return $"{symbol.Name} is {symbol.Kind} and travels";
            foreach (var message in use.Fields.SelectMany(f => OfRow(plan, f, symbol.Size, [])))
                yield return $"{symbol.Name}.{message}";
        }
    }

    private static IEnumerable<string> OfRow(SlicePlan plan, FieldPlan row, int size, HashSet<long> pointers)
    {
        var end = row.Offset + (row.Stride * (long)(row.Count - 1)) + row.Size;
        if (row.Offset < 0 || row.Size <= 0 || row.Count <= 0 || end > size)
            yield return $"{row.Path} lies outside";
        if (!row.In && !row.Out)
            yield return $"{row.Path} has no direction";
        if (row.Kind is FieldKind.Ptr or FieldKind.PtrArray or FieldKind.Embed && !IsIndex(row.Type, plan.Types))
            yield return $"{row.Path} leads to no type";
        if (row.Kind is not (FieldKind.Bytes or FieldKind.Bits or FieldKind.Embed) && row.Size != 8)
            yield return $"{row.Path} is a pointer of {row.Size} bytes";
        for (long i = 0; row.Kind == FieldKind.Bytes && i < row.Count; i++)
            for (var at = row.Offset + (i * row.Stride); at < row.Offset + (i * row.Stride) + row.Size; at++)
                if (pointers.Contains(at))
                {
                    yield return $"{row.Path} takes a pointer along as bytes";
                    yield break;
                }
    }

    /// <summary>Offsets of bytes that belong to pointers and to nothing else.</summary>
    private static HashSet<long> Pointers(Layout layout, CType type)
    {
        var spans = layout.Spans(type, []) ?? [];
        var bytes = spans.Where(s => s.IsPointer).SelectMany(s => Enumerable.Range((int)(s.Start / 8), 8).Select(i => (long)i)).ToHashSet();
        foreach (var other in spans.Where(s => !s.IsPointer))
            for (var at = other.Start / 8; at < (other.End + 7) / 8; at++)
                bytes.Remove(at);
        return bytes;
    }

    private static bool IsIndex<T>(int index, ImmutableArray<T> table) => index >= 0 && index < table.Length;

    private static bool IsGrouped(IEnumerable<string> units)
    {
        var runs = units.Aggregate(ImmutableArray<string>.Empty, (list, unit) => list.Length > 0 && list[^1] == unit ? list : list.Add(unit));
        return runs.Distinct().Count() == runs.Length;
    }
}
