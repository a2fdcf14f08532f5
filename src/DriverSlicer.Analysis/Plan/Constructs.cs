// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Analysis.Plan;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// Finds what cannot be marshaled soundly in functions that would move to the user half: those stay in the kernel, each with the first
/// construct that decided it. What is found in a header inline is laid on the driver functions that call it.
/// </summary>
public static class Constructs
{
    public static ImmutableDictionary<string, Pin> FindPins(CallGraph graph, KernelSpecs specs, IReadOnlySet<string> userFunctions) =>
        FindPins(new UserHalf(new Ground(graph, specs), userFunctions));

    internal static ImmutableDictionary<string, Pin> FindPins(UserHalf half) => Find(half).Pins;

    /// <summary>The pins; or functions of the kernel half of which the user half needs a copy before there is anything to say about pins.</summary>
    internal static (ImmutableDictionary<string, Pin> Pins, ImmutableArray<string> Copies) Find(UserHalf half)
    {
        var slots = half.Slots;
        var uses = Region.Whole(half, slots);
        var downcalls = DowncallRules.All(half, slots, uses);
        if (ToCopy(half, downcalls) is { IsEmpty: false } copies)
            return (ImmutableDictionary<string, Pin>.Empty, copies);
        var problems = new List<Problem>(half.Own.SelectMany(f => BodyProblems.Of(half, f)));
        problems.AddRange(uses.Problems);
        problems.AddRange(AllocationUses.Spread(half, uses));
        var kinds = new FieldKinds(half, slots, uses);
        problems.AddRange(FieldProblems.Of(half, uses, kinds));
        // What is clear over the whole driver is clear in every entry point.
        if (FieldProblems.Ambiguous(uses, kinds).Any())
            problems.AddRange(half.Entries.Select(e => Region.Of(half, slots, e)).SelectMany(u => FieldProblems.Ambiguous(u, new FieldKinds(half, slots, u))));
        var entries = new EntryRules(half, slots, uses);
        problems.AddRange(half.Entries.SelectMany(entries.Problems));
        problems.AddRange(downcalls.SelectMany(d => d.Problems));
        AllocationSites.Of(half, slots, uses, downcalls, problems);
        return (problems.SelectMany(p => Pins(half, p))
            .GroupBy(p => p.Function)
            .ToImmutableDictionary(g => g.Key, First), []);
    }

    private static Pin First(IEnumerable<Pin> ofFunction)
    {
        var sorted = ofFunction.OrderBy(p => p.Location.File, StringComparer.Ordinal).ThenBy(p => p.Location.Line)
            .ThenBy(p => p.Location.Column).ThenBy(p => p.DiagnosticId, StringComparer.Ordinal).ThenBy(p => p.Reason, StringComparer.Ordinal).ToArray();
        return sorted[0] with { Further = [.. sorted.Skip(1).Select(p => p.DiagnosticId).Distinct()] };
    }

    /// <summary>Functions of the kernel half that the user half calls, that no downcall can stand for, and of which it can have a copy.</summary>
    private static ImmutableArray<string> ToCopy(UserHalf half, ImmutableArray<DowncallDraft> downcalls) =>
    [
        .. downcalls.Where(d => !d.Problems.IsEmpty && d.Function.Origin == FunctionOrigin.Driver)
            .Select(d => Called(half, d.Function)).Where(c => c.All(half.Inlines.MayBeCopied)).SelectMany(c => c)
            .Where(f => !half.Functions.Contains(f.Id) && !half.InBoth.Contains(f.Id))
            .Select(f => f.Id).Distinct(),
    ];

    /// <summary>What a copy needs: the functions of the driver that it calls, with theirs.</summary>
    private static List<Function> Called(UserHalf half, Function function)
    {
        var found = new List<Function> { function };
        for (var i = 0; i < found.Count; i++)
            found.AddRange(found[i].Facts.OfType<Call>().SelectMany(half.Callees).Where(c => c.Origin == FunctionOrigin.Driver && !found.Contains(c)).Distinct().ToArray());
        return found;
    }

    private static IEnumerable<Pin> Pins(UserHalf half, Problem problem)
    {
        foreach (var function in half.Blame(problem.Function))
        {
            var isOwn = function == problem.Function;
            var inline = half.Graph.Function(problem.Function)!.Name;
            yield return new Pin(
                function, isOwn ? problem.Message : $"{problem.Message} (in {inline}, {problem.Location})",
                isOwn ? problem.Location : half.CallTo(function, problem.Function)?.Location ?? problem.Location, PinCatalog.Id(problem.Trouble)) { Next = problem.Next };
        }
    }
}
