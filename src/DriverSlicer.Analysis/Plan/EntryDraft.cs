// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>The plan of one entry point, with types and symbols still by id.</summary>
internal sealed record EntryDraft(
    Function Function, ImmutableArray<EntryRules.Draft> Parameters, EntryRules.Draft Result,
    ImmutableArray<(string Record, ImmutableArray<FieldDraft> Fields, ImmutableArray<(long Offset, string Record)> Derived)> Visits,
    ImmutableArray<(string Global, ImmutableArray<FieldDraft> Fields)> Globals, ImmutableArray<Problem> Problems)
{
    public IEnumerable<string> Records =>
        Parameters.Append(Result).Select(p => p.Record).OfType<string>()
            .Concat(Visits.SelectMany(v => v.Derived.Select(d => d.Record).Prepend(v.Record)))
            .Concat(Visits.SelectMany(v => v.Fields).Concat(Globals.SelectMany(g => g.Fields)).Select(f => f.Record).OfType<string>());

    public static EntryDraft Of(UserHalf half, SlotFacts slots, Function entry)
    {
        var uses = Region.Of(half, slots, entry);
        var spread = AllocationUses.Spread(half, uses).ToArray();
        var kinds = new FieldKinds(half, slots, uses);
        var rules = new EntryRules(half, slots, uses);
        var visits = uses.Records.Keys.Concat(uses.Derived.Keys).Distinct().Order(StringComparer.Ordinal).Select(record => (
            Record: record,
            Fields: FieldDrafts.Of(uses.Records.GetValueOrDefault(record)?.Values ?? Enumerable.Empty<Use>(), kinds, uses.IsVisited),
            Derived: uses.Derived.TryGetValue(record, out var derived) ? derived.ToImmutableArray() : []))
            .Where(v => !v.Fields.IsEmpty || !v.Derived.IsEmpty).ToList();
        var globals = uses.Globals.Select(g => (Global: g.Key, Fields: FieldDrafts.Of(g.Value.Values, kinds, uses.IsVisited)))
            .Where(g => !g.Fields.IsEmpty).ToImmutableArray();
        foreach (var (record, use) in rules.Blocks(entry))
            kinds.AddBlock(record, use);
        visits.AddRange(kinds.Blocks.Select(b => (b.Key, Block(b.Key, b.Value), ImmutableArray<(long, string)>.Empty)));
        return new EntryDraft(
            entry, [.. entry.Parameters.Select((_, i) => rules.OfParameter(entry, i))], rules.OfResult(entry), [.. visits], globals,
            [.. uses.Problems, .. spread, .. FieldProblems.Of(half, uses, kinds), .. FieldProblems.Ambiguous(uses, kinds), .. rules.Problems(entry)]);
    }

    private static ImmutableArray<FieldDraft> Block(string record, (bool In, bool Out) directions)
    {
        var size = ByteBlock.SizeOf(record);
        var use = new Use(Place.Whole(new CType(CKind.Array, size, ByteBlock.Spelling(record), Count: size)));
        return [new FieldDraft(use, "", 0, size, 1, size, FieldKind.Bytes, null, directions.In, directions.Out)];
    }

    public IEnumerable<ImmutableArray<string>> FunctionSets =>
        Visits.SelectMany(v => v.Fields).Concat(Globals.SelectMany(g => g.Fields)).Where(f => f.Kind == FieldKind.PtrFunc).Select(f => f.Functions);

    public Upcall Finish(KernelSpecs specs, CallGraph graph, Func<string, int> typeOf, Func<string, int> symbolOf, FunctionSets sets)
    {
        Pass PassOf(EntryRules.Draft draft) => new(draft.Kind, draft.Size, draft.Record is null ? -1 : typeOf(draft.Record))
        {
            Length = draft.Length, In = draft.In, Out = draft.Out,
        };
        ImmutableArray<FieldPlan> Rows(ImmutableArray<FieldDraft> fields) => [.. fields.Select(f => f.Finish(typeOf, sets))];
        return new Upcall(
            Function.Id, Function.Name, Function.Unit, EntryRules.OnDeath(graph, specs, Function), [.. Parameters.Select(PassOf)], PassOf(Result),
            [
                .. Visits.Select(v => new Visit(typeOf(v.Record), Rows(v.Fields), [.. v.Derived.Select(d => new Derived(d.Offset, typeOf(d.Record)))]))
                    .OrderBy(v => v.Type),
            ],
            [.. Globals.Select(g => new GlobalUse(symbolOf(g.Global), Rows(g.Fields))).OrderBy(g => g.Symbol)])
        {
            Endless = EntryRules.IsEndless(graph, specs, Function),
        };
    }
}
