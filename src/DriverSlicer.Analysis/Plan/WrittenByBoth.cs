// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>
/// Fields that both halves write. A twin cannot see the store of a value that is already there, so such an update can be lost outside of
/// locks (trap 7): each is reported.
/// </summary>
internal static class WrittenByBoth
{
    public static ImmutableArray<BothWritten> Of(UserHalf half, Uses uses)
    {
        var kernel = Kernel(half);
        var user = uses.All.Where(u => u.Out).GroupBy(u => u.Place.Slot)
            .ToDictionary(g => g.Key, g => g.SelectMany(u => u.Writers.Keys).Distinct().ToArray());
        return
        [
            .. user.Where(u => kernel.ContainsKey(u.Key))
                .Select(u => new BothWritten(
                    u.Key.Field.Length == 0 ? "" : half.Records.Name(u.Key.Owner),
                    u.Key.Field.Length == 0 ? half.Global(u.Key.Owner)!.Name : u.Key.Field,
                    Names(half, u.Value.SelectMany(id => half.Blame(id))), Names(half, kernel[u.Key])))
                .OrderBy(b => b.Record, StringComparer.Ordinal).ThenBy(b => b.Field, StringComparer.Ordinal),
        ];
    }

    private static ImmutableArray<string> Names(UserHalf half, IEnumerable<string> ids) =>
        [.. ids.Select(id => half.Graph.Function(id)!.Name).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Driver functions of the kernel half by the fields that they, or header inlines they call, write.</summary>
    private static Dictionary<Slot, SortedSet<string>> Kernel(UserHalf half)
    {
        var writers = new Dictionary<Slot, SortedSet<string>>();
        foreach (var function in half.Graph.Model.Functions)
        {
            if (function.Origin is not (FunctionOrigin.Driver or FunctionOrigin.Macro) || half.Functions.Contains(function.Id))
                continue;
            foreach (var slot in WithInlines(half, function).SelectMany(f => Written(half, f)))
            {
                if (!writers.TryGetValue(slot, out var set))
                    writers[slot] = set = new SortedSet<string>(StringComparer.Ordinal);
                set.Add(function.Id);
            }
        }

        return writers;
    }

    private static List<Function> WithInlines(UserHalf half, Function function) =>
        UserHalf.Reach(function, f => half.Graph.Out(f.Id), f => f.Origin == FunctionOrigin.HeaderInline);

    /// <summary>Slots that its own text writes, wherever in memory.</summary>
    public static IEnumerable<Slot> Written(UserHalf half, Function function)
    {
        foreach (var access in function.Facts.OfType<Access>().Where(a => a.Mode.HasFlag(AccessMode.Write) && a.Base.Kind != NodeKind.LocalAddress))
        {
            var place = access.Base.Kind == NodeKind.GlobalAddress && half.Global(access.Base.Owner) is { } global
                ? half.Records.Resolve(Place.Whole(global.Type, new Slot(global.Id, "")), access.Path)
                : access.Record.Length > 0 ? half.Records.Resolve(access.Record, access.Path) : null;
            if (place is null)
                continue;
            foreach (var leaf in Leaves.Of(half.Records, place, out _))
                yield return leaf.Slot;
        }
    }
}
