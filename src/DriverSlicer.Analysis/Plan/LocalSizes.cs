// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>How many bytes of a local variable lie behind a pointer to it, or to a member or element.</summary>
internal static class LocalSizes
{
    /// <summary>Type of the whole variable, or null if no move tells it.</summary>
    public static CType? TypeOf(PointerFlow flow, Origin origin) =>
        flow.Edges.Where(e => e.From == origin.Node).Select(e => e.FromType.Element).FirstOrDefault(t => t is { Size: > 0 });

    public static long? Of(PointerFlow flow, Origin origin, int unit)
    {
        var type = TypeOf(flow, origin);
        return type switch
        {
            null => null,
            { Kind: CKind.Record } => unit,
            { Kind: CKind.Array } => origin.Offset is { } offset && offset < type.Size ? type.Size - offset : null,
            _ => type.Size,
        };
    }
}
