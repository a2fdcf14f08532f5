// SPDX-License-Identifier: GPL-2.0-only
using System.Globalization;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Running;

/// <summary>The C name of the byte at an offset of a record or variable: <c>wdd.timeout</c>, <c>ring[3].addr</c>.</summary>
public static class FieldName
{
    public const string Padding = "(padding)";

    /// <returns>Null where the model does not know the type.</returns>
    public static string? Of(DriverModel model, string spelling, long offset) =>
        model.Records.FirstOrDefault(r => r.Spelling == spelling && r.IsComplete) is { } record
            ? InRecord(model, record, offset)
            : null;

    public static string? OfGlobal(DriverModel model, string name, long offset) =>
        model.Globals.FirstOrDefault(g => g.Name == name) is { } global
            ? InType(model, global.Type, offset)
            : null;

    private static string InRecord(DriverModel model, CRecord record, long offset)
    {
        var field = record.Fields.FirstOrDefault(f => offset * 8 < f.OffsetBits + f.SizeBits && f.OffsetBits < (offset + 1) * 8);
        if (field is null)
            return Padding;
        var inside = InType(model, field.Type, offset - (field.OffsetBits / 8)) ?? "";
        // A member without a name lends its own members' names to the record.
        return field.Name.Length == 0 ? inside : inside.Length == 0 || inside[0] == '[' ? field.Name + inside : $"{field.Name}.{inside}";
    }

    private static string? InType(DriverModel model, CType type, long offset)
    {
        if (type is { Kind: CKind.Array, Element: { Size: > 0 } element })
        {
            var rest = InType(model, element, offset % element.Size) ?? "";
            var index = $"[{(offset / element.Size).ToString(CultureInfo.InvariantCulture)}]";
            return rest.Length == 0 || rest[0] == '[' ? index + rest : $"{index}.{rest}";
        }

        return type.Kind == CKind.Record && model.Records.FirstOrDefault(r => r.Id == type.Record && r.IsComplete) is { } record
            ? InRecord(model, record, offset)
            : "";
    }
}
