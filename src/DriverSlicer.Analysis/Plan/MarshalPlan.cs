// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Analysis.Plan;
using DriverSlicer.Model;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Analysis;

/// <summary>
/// From a placement to the tables that both halves run by:
///
/// 1. Downcalls: every function that user code calls and does not have.
/// 2. Entry points: for each, what its closure reads and writes, by type.
/// 3. Symbols: what both halves know by name.
/// 4. Types: all records that any of these speak of, numbered last.
///
/// Where no sound plan exists (<see cref="Constructs"/> should have pinned it) the plan carries an error.
/// </summary>
public static class MarshalPlan
{
    public static SlicePlan Build(CallGraph graph, KernelSpecs specs, PlacementResult placement) =>
        Build(new UserHalf(new Ground(graph, specs), UserFunctions(placement)), placement);

    internal static IReadOnlySet<string> UserFunctions(PlacementResult placement) =>
        placement.Functions.Where(p => p.Half == Half.User).Select(p => p.Function).ToHashSet();

    internal static SlicePlan Build(UserHalf half, PlacementResult placement)
    {
        var (graph, specs, slots) = (half.Graph, half.Specs, half.Slots);
        var whole = Region.Whole(half, slots);
        var problems = new List<Problem>();

        var called = DowncallRules.All(half, slots, whole);
        var pairs = new TrackedPairs(half, called);
        var steps = new TeardownSteps(half, pairs);
        var downcalls = called.Concat(pairs.Missing(called).Select(f => DowncallRules.Of(half, slots, whole, f, [])))
            .OrderBy(d => Units.IndexOf(graph.Model, d.Unit)).ThenBy(d => d.Function.Name, StringComparer.Ordinal)
            .ThenBy(d => d.Function.Id, StringComparer.Ordinal).ToImmutableArray();
        problems.AddRange(downcalls.SelectMany(d => d.Problems));
        var sites = AllocationSites.Of(half, slots, whole, downcalls, problems);
        var entries = half.Entries.Select(e => EntryDraft.Of(half, slots, e)).ToImmutableArray();
        problems.AddRange(entries.SelectMany(e => e.Problems));
        var symbols = SymbolDrafts.Of(half, whole);

        var types = new TypeDrafts(
            half,
            [
                .. downcalls.SelectMany(d => d.Records), .. entries.SelectMany(e => e.Records), .. sites.Select(s => s.Record).OfType<string>(),
                .. symbols.Select(s => s.Record).OfType<string>(),
            ]);
        var sets = new FunctionSets(
            downcalls.SelectMany(d => d.Parameters).Where(p => p.Kind == DownParameterKind.Function).Select(p => p.Functions)
                .Concat(entries.SelectMany(e => e.FunctionSets)));
        var atomic = new AtomicSites(half, placement);
        var rivals = new Rivals(half, whole, placement.Gate.Yielding);
        var symbolNumbers = symbols.Select((s, i) => (s.Id, i)).ToDictionary(p => p.Id, p => p.i);
        return new SlicePlan(
            graph.Model, placement.Functions, placement.Locks, types.Types,
            [.. symbols.Select(s => new PlanSymbol(s.Id, s.Name, s.Kind, s.Unit, s.Size, s.Record is null ? -1 : types.NumberOf(s.Record)))],
            [.. entries.Select(e => e.Finish(specs, graph, types.NumberOf, id => symbolNumbers[id], sets) with
            {
                HoldsRtnl = EntryRules.HoldsRtnl(half, e.Function),
                Binds = EntryRules.Binds(half, e.Function),
                Alone = !EntryRules.IsEndless(graph, specs, e.Function) && rivals.HasAny(e.Function),
                Calls = CallsOf(half, e.Function, downcalls),
            })],
            [.. downcalls.Select(d => Finish(half, d, pairs, types, sets)).Select((d, i) => d with { Atomic = atomic.Has(downcalls[i]), Step = steps.Has(downcalls[i], d) })],
            [.. sites.Select(s => new AllocationSite(s.Unit, s.Line, NumberOf(downcalls, s.Callee), s.Record is null ? AllocationSite.Bytes : types.NumberOf(s.Record)))],
            WrittenByBoth.Of(half, whole),
            [.. graph.Model.Diagnostics, .. placement.Diagnostics, .. problems.Select(Error).Distinct()])
        {
            FunctionSets = sets.Finish(id => symbolNumbers.GetValueOrDefault(id, -1)),
            OnlyLinked = OnlyLinked(half, downcalls),
        };
    }

    /// <summary>
    /// What functions lead to, through headers, that stand in the user half's text for their name alone: those that a macro of the driver's
    /// defines, and inlines whose address something takes.
    /// </summary>
    private static ImmutableArray<string> OnlyLinked(UserHalf half, ImmutableArray<DowncallDraft> downcalls)
    {
        var work = new Queue<Function>(half.Graph.Model.Functions.Where(f =>
            f.Origin == FunctionOrigin.Macro || (f.Origin == FunctionOrigin.HeaderInline && half.Graph.AddressTaken.Contains(f.Id))));
        var seen = work.Select(f => f.Id).ToHashSet(StringComparer.Ordinal);
        var linked = new SortedSet<string>(StringComparer.Ordinal);
        while (work.TryDequeue(out var function))
            foreach (var callee in function.Facts.OfType<Call>().SelectMany(half.Callees).Where(c => seen.Add(c.Id)))
                if (callee.Origin == FunctionOrigin.HeaderInline)
                    work.Enqueue(callee);
                else if (callee.Origin == FunctionOrigin.Extern && !half.Inlines.IsReplaced(callee))
                    linked.Add(callee.Name);
        linked.ExceptWith(downcalls.Select(d => d.Function.Name));
        return [.. linked];
    }

    private static ImmutableArray<int> CallsOf(UserHalf half, Function entry, ImmutableArray<DowncallDraft> downcalls)
    {
        var called = half.Closure([entry]).SelectMany(f => f.Facts.OfType<Call>()).SelectMany(half.Callees)
            .Where(c => half.TargetOf(c) == Target.Downcall).Select(c => c.Id).ToHashSet();
        return [.. Enumerable.Range(0, downcalls.Length).Where(i => called.Contains(downcalls[i].Function.Id))];
    }

    private static int NumberOf(ImmutableArray<DowncallDraft> downcalls, Function callee) =>
        downcalls.IndexOf(downcalls.First(d => d.Function == callee));

    private static Downcall Finish(UserHalf half, DowncallDraft draft, TrackedPairs pairs, TypeDrafts types, FunctionSets sets)
    {
        int TypeOf(string? record) => record is null ? -1 : types.NumberOf(record);
        var (result, name) = (draft.Result, draft.Function.Name);
        var released = draft.Kind != DowncallKind.Driver && pairs.Pairs.Any(p => p.Release == name);
        ImmutableArray<PairRule> acquires = draft.Kind == DowncallKind.Driver ? [] : [.. pairs.Pairs.Concat(pairs.Passing).Concat(pairs.Locks).Where(p => p.Acquire == name)];
        var consumes = released || draft.Frees >= 0 || draft.Kind == DowncallKind.Driver || half.Rule(draft.Function).Consumes;
        return new Downcall(
            draft.Function.Id, name, draft.Kind, draft.Unit,
            [.. draft.Parameters.Select(p => new DownParameter(p.Kind, p.Type, TypeOf(p.Record), p.Size, p.In, p.Out)
            {
                Functions = p.Kind == DownParameterKind.Function ? sets.NumberOf(p.Functions) : -1,
                Among = [.. p.Among.Select(types.NumberOf)],
                Cookie = p.Cookie,
                Errors = p.Errors,
            })],
            new DownResult(result.Kind, result.Type, TypeOf(result.Record), result.Size, result.Zeroed, result.Device)
            { Coherent = result.Coherent },
            draft.Frees, acquires, released, draft.Variadic)
        {
            Needed = [.. draft.Parameters.Select((p, i) => (p.Needed, i)).Where(p => p.Needed).Select(p => p.i)],
            UndoOnly = draft.Sites.IsEmpty,
            // What a function of the driver itself may free, or leave behind, is not looked into.
            Consumes = consumes,
            Late = released || draft.Kind == DowncallKind.Driver ? null : half.Rule(draft.Function).Late,
            Requires = draft.Kind == DowncallKind.Driver ? null : half.Rule(draft.Function).Requires,
            Unlocks = draft.Kind != DowncallKind.Driver && pairs.Locks.Any(p => p.Release == name),
            EndsPassing = draft.Kind != DowncallKind.Driver && pairs.Passing.Any(p => p.Release == name),
            Pure = !consumes && half.Rule(draft.Function) is { Pure: true } or { AllocSize: not null },
        };
    }

    private static Diagnostic Error(Problem problem) => new(
        PinCatalog.Id(problem.Trouble), Severity.Error, problem.Location, $"no sound plan: {problem.Message}",
        "report this as a bug of driverslicer: the function should have been kept in the kernel half");
}
