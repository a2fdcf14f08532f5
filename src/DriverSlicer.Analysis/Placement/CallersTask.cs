// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// Functions that must run in the task that made the upcall although no rule says so of them: a kernel function of which no rule says
/// anything, and what in the kernel half leads to it, to one of which a rule does say so (copy_to_user, capable, current), or to assembly
/// that reads or writes an application's memory, as get_user() does. Assembly of which nothing can be read counts as that.
/// </summary>
internal static partial class CallersTask
{
    /// <param name="user">Ids of the functions of the user half: what they lead to are calls of their own.</param>
    public static ImmutableHashSet<string> Of(CallGraph graph, KernelSpecs specs, IReadOnlySet<string> user)
    {
        var rules = specs.RulesByName();
        var named = specs.Locks.Select(l => l.Function).Concat(specs.Pairs.SelectMany(p => new[] { p.Acquire, p.Release })).ToHashSet(StringComparer.Ordinal);
        bool HasRule(Function function) => function.Origin != FunctionOrigin.Driver && rules.ContainsKey(function.Name);
        bool IsUnknown(Function function) => function.Origin == FunctionOrigin.Extern && !Inlines.IsCompilers(function) && !named.Contains(function.Name);
        var found = graph.Model.Functions.Where(f => !HasRule(f) && !user.Contains(f.Id) && (IsUnknown(f) || f.Facts.Any(IsOfTheTask))).Select(f => f.Id)
            .ToHashSet(StringComparer.Ordinal);
        var work = new Queue<string>(found);
        foreach (var ruled in graph.Model.Functions.Where(f => HasRule(f) && rules[f.Name].Shipped))
            work.Enqueue(ruled.Id);
        while (work.TryDequeue(out var callee))
            foreach (var caller in graph.PossibleIn(callee).Select(e => e.Caller))
                if (!HasRule(caller) && !user.Contains(caller.Id) && found.Add(caller.Id))
                    work.Enqueue(caller.Id);
        return [.. found];
    }

    private static bool IsOfTheTask(Fact fact) => fact is AsmFact asm
        && (UserMemory().IsMatch(asm.Template) || (asm.Macro is { } macro && UserMemory().IsMatch(macro)) || (asm.Template.Length == 0 && !asm.IsGoto && asm.Macro is null));

    // get_user, __put_user_nocheck_4, user_access_begin, and what _ASM_EXTABLE_UA leaves in a template.
    [GeneratedRegex("user|EXTABLE_UA|__ex_table", RegexOptions.IgnoreCase)]
    private static partial Regex UserMemory();
}
