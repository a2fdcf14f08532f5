// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>
/// What each allocating call of the user half allocates: the record that its result is turned into. The runtime gets it by place, since
/// the function's prototype says void.
/// </summary>
internal static class AllocationSites
{
    /// <param name="Record">Null: plain bytes, which travel while the upcall that allocated them lasts.</param>
    public sealed record Draft(string Unit, int Line, Function Callee, string? Record);

    public static ImmutableArray<Draft> Of(UserHalf half, SlotFacts slots, Uses uses, IEnumerable<DowncallDraft> downcalls, List<Problem> problems)
    {
        var drafts = new List<Draft>();
        // Coherent memory is mapped, whatever it holds.
        foreach (var downcall in downcalls.Where(d => d.Result is { Kind: DownResultKind.Allocation, Record: null } && !half.Rule(d.Function).Coherent))
        {
            var byPlace = new Dictionary<(string Unit, int Line), string?>();
            foreach (var site in downcall.Sites)
            {
                void Report(string message) =>
                    problems.Add(new Problem(Trouble.AllocationType, site.Caller.Id, site.Call.Location, message));

                var records = RecordsOf(half, slots, uses, site);
                if (records.Length > 1)
                    Report($"what {downcall.Function.Name} allocates here is used as {string.Join(" and as ", records.Select(half.Records.Name))}");
                var record = records.Length == 1 ? records[0] : null;
                if (record is not null && (!half.Records.IsObject(record) || half.Records.Find(record)!.Spelling.Length == 0))
                    Report($"what {downcall.Function.Name} allocates here is a record without a name or definition");
                // __LINE__ is all that the call can say of itself.
                var place = (site.Caller.Unit, site.Call.Location.Line);
                if (!byPlace.TryAdd(place, record) && byPlace[place] != record)
                    Report($"two calls of {downcall.Function.Name} in line {place.Line} allocate different records");
                else if (record is not null || (site.Call.Result is { } bytes && uses.Allocations.TryGetValue(bytes, out var use) && AllocationUses.IsBytes(uses, bytes, use)))
                    drafts.Add(new Draft(place.Unit, place.Line, downcall.Function, record));
            }
        }

        return
        [
            .. drafts.Distinct().OrderBy(d => Units.IndexOf(half.Graph.Model, d.Unit)).ThenBy(d => d.Line)
                .ThenBy(d => d.Callee.Name, StringComparer.Ordinal),
        ];
    }

    private static ImmutableArray<string> RecordsOf(UserHalf half, SlotFacts slots, Uses uses, Site site)
    {
        if (site.Call.Result is not { } result)
            return [];
        var direct = uses.Reveals[result].Select(r => r.Record).Distinct().Order(StringComparer.Ordinal).ToImmutableArray();
        if (!direct.IsEmpty)
            return direct;
        // Nobody looks at it here: what is it where it is stored?
        var stored = uses.Flow.Edges
            .Where(e => e.ToType.IsUntyped() && SlotFacts.SlotOf(e.To) is not null && uses.Flow.UntypedOrigins(e.From).Any(o => o.Node == result))
            .SelectMany(e => slots.Types(SlotFacts.SlotOf(e.To)!.Value));
        return [.. stored.Distinct().Order(StringComparer.Ordinal)];
    }
}
