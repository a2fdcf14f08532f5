// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// What a function that the kernel enters does when it meets a closed gate. A function in several places has one wrapper, so all
/// of their rules must agree.
/// </summary>
internal sealed class ContendedActions(CallGraph graph, KernelSpecs specs, ImmutableArray<Root> roots)
{
    private static readonly ContendedAction Wait = new("wait", null, null, true);

    private readonly Wrappers wrappers = new(graph);
    private readonly Dictionary<string, (ContendedAction? Action, string? Obstacle)> answers = [];

    /// <param name="function">A root.</param>
    public ContendedAction? Of(Function function) => Answer(function).Action;

    /// <summary>Why a lock that it leads to cannot be gated, or null.</summary>
    public string? Obstacle(Function function) => Answer(function).Obstacle;

    /// <summary>Is it, somewhere, an entry whose failure nobody minds, since what it works on is freed next?</summary>
    public bool Ends(Function function) => roots.Any(r => r.Function.Id == function.Id && r.Rule?.OnDeath == DeathRule.Undo);

    private (ContendedAction? Action, string? Obstacle) Answer(Function function)
    {
        if (!answers.TryGetValue(function.Id, out var answer))
            answers[function.Id] = answer = Find(function);
        return answer;
    }

    private (ContendedAction? Action, string? Obstacle) Find(Function function)
    {
        var mine = roots.Where(r => r.Function.Id == function.Id).Select(r => (Root: r, Action: Of(r))).ToArray();
        if (mine.FirstOrDefault(m => m.Action is null).Root is { } helpless)
            return (null, $"{function.Name} ({helpless.Key}) can neither wait for the gate nor be put off");
        var actions = mine.Select(m => m.Action!).Distinct().ToArray();
        if (actions.Length > 1)
            return (null, $"{function.Name} is entered as {string.Join(" and ", mine.Select(m => m.Root.Key))}, which meet a closed gate in different ways");
        if (actions[0] is { Waits: false, Result: null } && function.Result.Kind != CKind.Void)
            return (null, $"{function.Name} ({mine[0].Root.Key}) must return something when it meets a closed gate, and no contended_result says what");
        return (actions[0], wrappers.Obstacle(function));
    }

    private ContendedAction? Of(Root root) => root.Rule switch
    {
        null => null,
        { Contended: { } name } rule => specs.Contended.FirstOrDefault(a => a.Name == name) is { } action
            ? action with { Result = rule.ContendedResult ?? action.Result } : null,
        { Context: ExecContext.Process } => specs.Contended.FirstOrDefault(a => a.Waits) ?? Wait,
        _ => null,
    };
}
