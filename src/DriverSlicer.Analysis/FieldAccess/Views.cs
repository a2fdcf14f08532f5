// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>A pointer to (into) record From becomes one to record To, that lies Offset bytes from From's start; null: unknown.</summary>
internal sealed record Conversion(Edge Edge, string From, long? Offset, string To);

/// <summary>A pointer that never had a record type is seen as one to Record.</summary>
internal sealed record Reveal(Edge Edge, Origin Origin, string Record);

/// <summary>The moves at which a pointer becomes one to a record, and what it was before.</summary>
internal static class Views
{
    public static IEnumerable<Conversion> Conversions(PointerFlow flow, Records records)
    {
        foreach (var edge in flow.Edges)
        {
            if (edge.Records.To is not { } to || flow.IsOnStack(edge.From) || edge.From.Kind == NodeKind.LocalAddress)
                continue;
            if (edge.Records.From is { } from)
            {
                if (from != to)
                    yield return new Conversion(edge, from, edge.Offset, to);
                continue;
            }

            foreach (var (inside, offset) in flow.RecordsAt(edge.From))
                if (inside != to)
                    yield return new Conversion(edge, inside, offset + edge.Offset, to);
            foreach (var origin in flow.UntypedOrigins(edge.From).Where(o => o.Node.Kind == NodeKind.FieldAddress))
                if (records.Resolve(origin.Node.Owner, [origin.Node.Field]) is { } place && origin.Node.Owner != to)
                    yield return new Conversion(edge, origin.Node.Owner, place.Offset + origin.Offset + edge.Offset, to);
        }
    }

    public static IEnumerable<Reveal> Reveals(PointerFlow flow, Records records) =>
        from edge in flow.Edges
        where edge.Records.To is not null && edge.Records.From is null
        from origin in flow.UntypedOrigins(edge.From)
        where origin.Node.Kind is not (NodeKind.FieldAddress or NodeKind.LocalAddress or NodeKind.FunctionAddress)
            && origin.Node is not { Kind: NodeKind.Constant, Field: "" }
        select new Reveal(edge, origin with { Offset = origin.Offset + edge.Offset }, edge.Records.To!);

    /// <summary>Where the pointers come from that are moved from one record to the next, or subscripted.</summary>
    public static IEnumerable<(Node Origin, Function In, Location Location)> Indexed(PointerFlow flow, Records records)
    {
        foreach (var edge in flow.Edges)
        {
            if (edge.Records.To is not { } to)
                continue;
            var moves = edge.Records.From is { } from
                ? from == to && edge.Offset != 0
                : flow.RecordsAt(edge.From).Any(r => r.Record == to && r.Offset + edge.Offset != 0);
            if (moves)
                foreach (var origin in flow.Origins(edge.From))
                    yield return (origin.Node, edge.In, edge.Location);
        }

        foreach (var function in flow.Functions)
            foreach (var access in function.Facts.OfType<Access>())
                if (access is { Indexed: true, Record.Length: > 0 })
                    foreach (var origin in flow.Origins(flow.Canonical(access.Base, function)))
                        yield return (origin.Node, function, access.Location);
    }
}
