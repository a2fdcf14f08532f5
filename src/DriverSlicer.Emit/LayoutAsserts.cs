// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Emit;

/// <summary>
/// Compile-time checks, in both halves, of every size and offset in the plan: a slice made for other headers does not build.
/// Bit-fields and members reached through an array have no offset that C can name and are left to the record's size.
/// The user half does not check a record that is only the type of a handle (struct module): none of it is ever read there, and switching
/// off what patches code at run time may change it.
/// </summary>
internal static class LayoutAsserts
{
    public static string Text(Slice slice, Unit unit, DriverSlicer.Model.Half half)
    {
        var lines = slice.Plan.Types.Select((type, id) => (type, id)).Where(entry => entry.type.Unit == unit.Path)
            .Where(entry => half == DriverSlicer.Model.Half.Kernel || !IsHandle(slice, entry.id))
            .SelectMany(entry => OfType(slice, entry.id, entry.type))
            .Concat(slice.Plan.Symbols.Select((symbol, id) => (symbol, id)).Where(entry => entry.symbol.Unit == unit.Path)
                .SelectMany(entry => OfSymbol(slice, entry.id, entry.symbol)))
            .ToImmutableArray();
        return lines.IsEmpty ? "" : "/* Layout that the plan relies on. */\n" + string.Concat(lines.Select(line => line + "\n")) + "\n";
    }

    private static bool IsHandle(Slice slice, int type) =>
        slice.Plan.Symbols.Any(s => s.Kind == SymbolKind.Opaque && s.Type == type)
        && !slice.Plan.Upcalls.SelectMany(upcall => upcall.Visits).Any(visit => visit.Type == type || visit.Derived.Any(d => d.Type == type));

    private static IEnumerable<string> OfType(Slice slice, int id, PlanType type)
    {
        if (type.Spelling.Length == 0 || type.Size == 0 || slice.Cut.IsLocal(type))
        {
            return [];
        }

        var fields = slice.Plan.Upcalls.SelectMany(upcall => upcall.Visits).Where(visit => visit.Type == id).SelectMany(visit => visit.Fields);
        return Enumerable.Repeat($"MD_ASSERT_SIZE({type.Spelling}, {type.Size});", 1).Concat(OfFields(type.Spelling, fields));
    }

    private static IEnumerable<string> OfSymbol(Slice slice, int id, PlanSymbol symbol)
    {
        if (symbol.Kind is not (SymbolKind.Data or SymbolKind.Const) || symbol.Size == 0)
        {
            return [];
        }

        var fields = slice.Plan.Upcalls.SelectMany(upcall => upcall.Globals).Where(use => use.Symbol == id).SelectMany(use => use.Fields);
        var size = Enumerable.Repeat($"MD_ASSERT_SIZE({slice.Statics.NameOf(id)}, {symbol.Size});", 1);
        return slice.Statics.IsLocal(symbol) ? size : size.Concat(OfFields($"__typeof__({symbol.Name})", fields));
    }

    private static IEnumerable<string> OfFields(string type, IEnumerable<FieldPlan> fields) => fields
        .Where(field => field.Path.Length > 0 && field.Path[0] != '[' && field.Kind != FieldKind.Bits)
        .Select(field => (Path: field.Path.Replace("[]", "[0]", StringComparison.Ordinal), field.Offset, Bytes: BytesOf(field)))
        .DistinctBy(field => (field.Path, field.Offset, field.Bytes))
        .OrderBy(field => field.Offset).ThenBy(field => field.Path, StringComparer.Ordinal)
        .Select(field => field.Bytes is { } bytes
            ? $"MD_ASSERT_MEMBER({type}, {field.Path}, {field.Offset}, {bytes});"
            : $"MD_ASSERT_OFFSET({type}, {field.Path}, {field.Offset});");

    private static int? BytesOf(FieldPlan field) =>
        field is { Count: 1, Kind: not FieldKind.Embed } && !field.Path.Contains('[', StringComparison.Ordinal) ? field.Size : null;
}
