// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>A choice of user-half functions, and what follows from it for each call: the questions that all later steps ask.</summary>
internal sealed class UserHalf
{
    private readonly Dictionary<string, ImmutableArray<string>> blame = [];

    /// <param name="inBoth">Functions of the kernel half of which the user half has a copy.</param>
    public UserHalf(Ground ground, IReadOnlySet<string> functions, IReadOnlySet<string>? inBoth = null)
    {
        Ground = ground;
        Functions = functions;
        InBoth = inBoth ?? new HashSet<string>();
        Own = [.. Graph.Model.Functions.Where(f => functions.Contains(f.Id))];
        Entries = [.. Own.Where(IsEntry)];
    }

    public Ground Ground { get; }

    public CallGraph Graph => Ground.Graph;

    public KernelSpecs Specs => Ground.Specs;

    public Records Records => Ground.Records;

    public Inlines Inlines => Ground.Inlines;

    public SlotFacts Slots => Ground.Slots;

    public IReadOnlySet<string> Functions { get; }

    public IReadOnlySet<string> InBoth { get; }

    /// <summary>The driver's functions of the user half, in the model's order.</summary>
    public ImmutableArray<Function> Own { get; }

    /// <summary>Those that the kernel half calls, or the kernel through a stored pointer.</summary>
    public ImmutableArray<Function> Entries { get; }

    public Global? Global(string id) => Ground.Global(id);

    public FunctionRule Rule(Function function) => Inlines.Rule(function);

    public IEnumerable<Function> Callees(Call call) => Ground.Callees(call);

    public Target TargetOf(Function function) =>
        Functions.Contains(function.Id) ? Target.User
        : Inlines.IsReplaced(function) ? Target.Local
        : (function.Origin == FunctionOrigin.HeaderInline && Inlines.IsLocal(function)) || InBoth.Contains(function.Id) ? Target.Inline
        : Target.Downcall;

    /// <summary>Its body runs in the user half.</summary>
    public bool IsWalked(Function function) => TargetOf(function) is Target.User or Target.Inline;

    /// <summary>What can run in the user half after entering one of these, in the order first reached.</summary>
    public ImmutableArray<Function> Closure(IEnumerable<Function> entries)
    {
        var closure = entries.ToList();
        var seen = closure.Select(f => f.Id).ToHashSet();
        for (var i = 0; i < closure.Count; i++)
        {
            var function = closure[i];
            closure.AddRange(function.Facts.OfType<Call>().SelectMany(Callees).Where(c => IsWalked(c) && seen.Add(c.Id)));
        }

        return [.. closure];
    }

    /// <summary>A function and those that its calls lead to, as far as <paramref name="enters"/>, in the order first reached.</summary>
    public static List<Function> Reach(Function start, Func<Function, IEnumerable<CallEdge>> calls, Func<Function, bool> enters)
    {
        var all = new List<Function> { start };
        var seen = new HashSet<string> { start.Id };
        for (var i = 0; i < all.Count; i++)
            all.AddRange(calls(all[i]).Select(e => e.Callee).OfType<Function>().Where(f => enters(f) && seen.Add(f.Id)));
        return all;
    }

    /// <summary>The driver functions of the user half in which something found in this function happens: itself, or the callers of an inline.</summary>
    public ImmutableArray<string> Blame(string function)
    {
        if (Functions.Contains(function))
            return [function];
        if (blame.TryGetValue(function, out var known))
            return known;
        blame[function] = [];
        return blame[function] =
        [
            .. Graph.In(function).Select(e => e.Caller.Id).Distinct().SelectMany(id => Blame(id)).Distinct().Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The first call in a driver function that leads to this inline, directly or through others.</summary>
    public Call? CallTo(string caller, string inline) =>
        Graph.Function(caller)?.Facts.OfType<Call>().FirstOrDefault(
            c => Callees(c).Any(f => f.Id == inline || (f.Origin == FunctionOrigin.HeaderInline && Closure([f]).Any(g => g.Id == inline))));

    private bool IsEntry(Function function) =>
        Ground.IsRoot(function.Id) || Graph.PossibleIn(function.Id).Any(e => !IsWalked(e.Caller));
}
