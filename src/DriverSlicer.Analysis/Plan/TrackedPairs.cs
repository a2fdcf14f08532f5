// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>
/// Which acquire/release pairs of specs/ the undo log can keep. Only those of which the user half does both ends: a release that the
/// kernel half does by itself would be undone a second time, and one of something that the kernel half acquired would be
/// taken for done already. A pair in passing needs no such care, for it is owed no longer than nobody else can know of it. A lock needs less: what
/// the kernel half takes and gives back by itself is not on any list.
/// </summary>
internal sealed class TrackedPairs
{
    private const int KeysMax = 3;

    private readonly UserHalf half;
    private readonly ImmutableDictionary<string, Function> byName;

    public TrackedPairs(UserHalf half, IEnumerable<DowncallDraft> downcalls)
    {
        this.half = half;
        byName = half.Graph.Model.Functions.Where(f => f.Origin is not (FunctionOrigin.Driver or FunctionOrigin.Macro))
            .GroupBy(f => f.Name).ToImmutableDictionary(g => g.Key, g => g.First());
        var called = downcalls.Select(d => d.Function.Name).ToHashSet();
        Pairs = [.. half.Specs.Pairs.Where(p => !p.Passing && !p.Lock && called.Contains(p.Acquire)).GroupBy(p => p.Release).Where(g => IsTracked(g.Key)).SelectMany(g => g)];
        Passing = [.. half.Specs.Pairs.Where(p => p.Passing && called.Contains(p.Acquire) && called.Contains(p.Release)).GroupBy(p => p.Acquire).Select(g => g.First())];
        Locks =
        [
            .. half.Specs.Pairs.Where(p => p.Lock && called.Contains(p.Acquire) && called.Contains(p.Release)).GroupBy(p => p.Release)
                .Where(g => !IsGivenBackInKernel(g.Key, downcalls)).SelectMany(g => g),
        ];
    }

    public ImmutableArray<PairRule> Pairs { get; }

    /// <summary>One release for each: those that the user half itself calls.</summary>
    public ImmutableArray<PairRule> Passing { get; }

    /// <summary>Sleeping locks that the user half both takes and gives back, and that the kernel half does not give back for it.</summary>
    public ImmutableArray<PairRule> Locks { get; }

    /// <summary>Releases that only the undo log will call.</summary>
    public IEnumerable<Function> Missing(IEnumerable<DowncallDraft> downcalls)
    {
        var called = downcalls.Select(d => d.Function.Name).ToHashSet();
        return Pairs.Select(p => p.Release).Distinct().Where(r => !called.Contains(r)).Select(r => byName[r]);
    }

    private bool IsTracked(string release)
    {
        if (!byName.TryGetValue(release, out var function) || half.TargetOf(function) != Target.Downcall
            || function.Parameters.Length > KeysMax || function.IsVariadic || IsUsedInKernel(function))
            return false;
        var acquires = half.Specs.Pairs.Where(p => p.Release == release).Select(p => byName.GetValueOrDefault(p.Acquire)).OfType<Function>();
        return !acquires.Any(IsUsedInKernel);
    }

    /// <summary>Some function of the kernel half that the user half can call gives back a lock which it does not take itself.</summary>
    private bool IsGivenBackInKernel(string release, IEnumerable<DowncallDraft> downcalls)
    {
        var acquires = half.Specs.Pairs.Where(p => p.Lock && p.Release == release).Select(p => p.Acquire).ToHashSet();
        var work = new Queue<Function>(downcalls.Where(d => d.Kind == DowncallKind.Driver).Select(d => d.Function));
        var seen = work.Select(f => f.Id).ToHashSet();
        while (work.TryDequeue(out var current))
        {
            var callees = CalleesOf(current);
            if (callees.Any(f => f.Name == release) && !callees.Any(f => acquires.Contains(f.Name)))
                return true;
            foreach (var callee in callees.Where(f => f.Origin is FunctionOrigin.Driver or FunctionOrigin.Macro && !half.Functions.Contains(f.Id) && seen.Add(f.Id)))
                work.Enqueue(callee);
        }

        return false;
    }

    /// <summary>What a function calls, header inlines and what these call among it.</summary>
    private List<Function> CalleesOf(Function function)
    {
        List<Function> found = [function];
        for (var i = 0; i < found.Count; i++)
            if (i == 0 || found[i].Origin == FunctionOrigin.HeaderInline)
                found.AddRange(half.Graph.Out(found[i].Id).Select(e => e.Callee).OfType<Function>().Where(f => !found.Contains(f)).Distinct().ToArray());
        return found[1..];
    }

    /// <summary>Some function of the kernel half calls it, perhaps through header inlines.</summary>
    private bool IsUsedInKernel(Function function)
    {
        var seen = new HashSet<string> { function.Id };
        var work = new Queue<Function>([function]);
        while (work.TryDequeue(out var current))
        {
            foreach (var caller in half.Graph.In(current.Id).Select(e => e.Caller))
            {
                if (caller.Origin is FunctionOrigin.Driver or FunctionOrigin.Macro)
                {
                    if (!half.Functions.Contains(caller.Id))
                        return true;
                }
                else if (seen.Add(caller.Id))
                {
                    work.Enqueue(caller);
                }
            }
        }

        return false;
    }
}
