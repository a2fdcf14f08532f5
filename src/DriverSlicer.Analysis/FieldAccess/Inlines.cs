// SPDX-License-Identifier: GPL-2.0-only
using System.Text.RegularExpressions;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>
/// Which header inlines may run in the user half: those that, with all they call, touch only memory that their arguments lead to.
/// Per-CPU data, <c>current</c>, kernel variables, atomics and anything that the front end could not lower make an inline a
/// downcall as a whole; it is never opened. Cycles count as local: whatever forbids it is found elsewhere on the cycle.
/// </summary>
internal sealed partial class Inlines
{
    private static readonly HashSet<string> Fences =
        ["", "mfence", "lfence", "sfence", "rep; nop", "pause", "nop", "lock; addl $0,-4(%%{_ASM_SP})"];

    private readonly Dictionary<string, Function> functions;
    private readonly Dictionary<string, Global> globals;
    private readonly Dictionary<string, FunctionRule> rules;
    private readonly HashSet<string> locks;
    private readonly Records records;
    private readonly Dictionary<string, bool> local = [];
    private readonly Dictionary<string, FunctionRule> handedOn = [];

    public Inlines(DriverModel model, KernelSpecs specs, Records records)
    {
        this.records = records;
        functions = model.Functions.ToDictionary(f => f.Id);
        globals = model.Globals.ToDictionary(g => g.Id);
        locks = [.. specs.Locks.Select(l => l.Function)];
        rules = specs.RulesByName();
        foreach (var function in model.Functions.Where(f => model.OutlinedAs(f) is { IsStraight: true }))
            handedOn[function.Id] = HandedOn.RuleOf(function, functions, rules);
    }

    public FunctionRule Rule(Function function) =>
        rules.GetValueOrDefault(function.Name) ?? handedOn.GetValueOrDefault(function.Id) ?? FunctionRule.Named(function.Name);

    public bool HasRule(Function function) => rules.ContainsKey(function.Name);

    /// <summary>Has an own implementation in the user half.</summary>
    public bool IsReplaced(Function function) =>
        Rule(function).Local || IsCompilers(function);

    /// <summary>No function of the kernel: the compiler's own, or one that only dead code may call (BUILD_BUG_ON).</summary>
    public static bool IsCompilers(Function function) => function.Origin == FunctionOrigin.Extern
        && (function.Name.StartsWith("__builtin_", StringComparison.Ordinal) || function.Name.StartsWith("__compiletime_assert_", StringComparison.Ordinal));

    public bool IsLocal(Function function)
    {
        if (local.TryGetValue(function.Id, out var known))
            return known;
        local[function.Id] = true;
        return local[function.Id] = Rule(function) switch
        {
            { Inline: "downcall" } or { Pin: not null } or { AllocSize: not null } or { MmioSize: not null } => false,
            // Its lock would be one of the user half's own; the kernel's, which others take too, is taken in the kernel.
            _ when !locks.Contains(function.Name) && function.Facts.Any(f => f is Call { Callee: { } id } && functions.TryGetValue(id, out var callee) && locks.Contains(callee.Name)) => false,
            { Inline: "local" } => function.Facts.All(f => f is AsmFact || Allowed(f)),
            _ => function.Facts.All(Allowed),
        };
    }

    /// <summary>
    /// A function of the driver that itself touches only memory which its arguments lead to, and calls functions of the driver or what runs
    /// in the user half anyway. If those are such functions too, a copy of all of them in the user half does the same as the kernel's.
    /// </summary>
    public bool MayBeCopied(Function function) =>
        function is { Origin: FunctionOrigin.Driver, Body: not null, IsVariadic: false } && !locks.Contains(function.Name)
        && function.Facts.All(f => f is Call { Callee: { } id }
            ? functions.TryGetValue(id, out var callee) && !locks.Contains(callee.Name) && (callee.Origin == FunctionOrigin.Driver || MayCall(callee))
            : Allowed(f));

    /// <summary>
    /// An accessor of device registers: local by rule, with the access in assembly, behind an untyped pointer. What it reaches is
    /// mapped, not marshaled.
    /// </summary>
    public bool IsRegisterAccessor(Function function) =>
        function.Origin == FunctionOrigin.HeaderInline && Rule(function).Inline == "local" && function.Facts.Any(f => f is AsmFact)
        && function.Parameters.Any(p => p.Type.IsVoidPointer) && function.Parameters.All(p => !p.Type.IsPointer || p.Type.IsVoidPointer);

    /// <summary>
    /// Memory fences and compiler barriers do in user mode what they do in the kernel. The trap of WARN and BUG (with which
    /// fortified memcpy checks its sizes, too) becomes a signal.
    /// </summary>
    public static bool IsHarmless(AsmFact asm) =>
        !asm.IsGoto && (Fences.Contains(asm.Template.Trim()) || (asm.Macro is { } macro && Traps().IsMatch(macro)));

    [GeneratedRegex("WARN|BUG|ASSERT|^mem(cpy|set|move)$")]
    private static partial Regex Traps();

    private bool Allowed(Fact fact) => fact switch
    {
        AsmFact asm => IsHarmless(asm),
        Access access => Allowed(access.Base) && (access.Record.Length > 0
            ? records.Resolve(access.Record, access.Path) is not null
            : !access.Type.IsPointer || access.Base.Kind == NodeKind.LocalAddress),
        Flow flow => Allowed(flow.From) && Allowed(flow.To),
        Call call => call.Callee is { } callee && functions.TryGetValue(callee, out var function) && MayCall(function),
        _ => false,
    };

    private bool MayCall(Function function) =>
        IsReplaced(function) || (function.Origin == FunctionOrigin.HeaderInline && IsLocal(function));

    private bool Allowed(Node node) => node.Kind switch
    {
        NodeKind.Global or NodeKind.GlobalAddress =>
            globals.TryGetValue(node.Owner, out var global) && global is { IsConst: true, IsExtern: false },
        NodeKind.FunctionAddress => false,
        _ => true,
    };
}
