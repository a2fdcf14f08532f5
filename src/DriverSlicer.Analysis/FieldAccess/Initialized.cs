// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>
/// Variables reached through the initialisers of other variables. The user half has its own copy of a constant table, so no walk of
/// the kernel's memory leads from there to the variables that the table names: they travel with every closure that uses the table.
/// </summary>
internal static class Initialized
{
    public static void Read(Region region)
    {
        var first = region.Flow.Functions.SelectMany(f => region.Half.Ground.GlobalsIn(f).Select(id => (id, f)));
        var seen = new HashSet<string>();
        var work = new Queue<(string Global, Function Function)>(first);
        while (work.TryDequeue(out var item))
        {
            if (!seen.Add(item.Global) || region.Half.Global(item.Global) is not { } global)
                continue;
            // Only a constant is read from the user half's own copy.
            if (!global.IsConst)
                continue;
            foreach (var target in Targets(region, global))
            {
                work.Enqueue((target.Id, item.Function));
                if (target.IsConst)
                    continue;
                var place = Place.Whole(target.Type, new Slot(target.Id, ""));
                if (region.Records.Elements(place) is { Type.Kind: CKind.Record })
                    Marker.Embed(region, target.Id, true, place, item.Function, global.Location);
                else
                    Marker.Mark(region, target.Id, true, place, AccessMode.Read | AccessMode.Write, item.Function, global.Location);
            }
        }
    }

    /// <summary>Nodes that a fact names.</summary>
    public static IEnumerable<Node> Nodes(Fact fact) => fact switch
    {
        Access access => [access.Base],
        Flow flow => [flow.From, flow.To],
        Call call => call.Arguments.Select(a => a.Node).Append(call.Through).OfType<Node>(),
        _ => [],
    };

    private static ImmutableArray<Global> Targets(Region region, Global global) =>
    [
        .. global.Initializer.Where(p => !p.TargetIsFunction).Select(p => region.Half.Global(p.Target)).OfType<Global>()
            .Where(g => !g.IsExtern),
    ];
}
