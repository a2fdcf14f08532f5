// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Model;

/// <summary>
/// What specs/*.toml says of the kernel's interfaces. Without an entry for a place or a type the user half shrinks; what a function does
/// beyond its prototype only an entry tells (docs/reference/specs.md).
/// </summary>
public sealed record KernelSpecs(
    ImmutableArray<EntryRule> Entries,
    ImmutableArray<FunctionRule> Functions,
    ImmutableArray<LockRule> Locks,
    ImmutableArray<MacroShim> Macros,
    ImmutableArray<PairRule> Pairs)
{
    /// <summary>By name: what EntryRule.Contended refers to.</summary>
    public ImmutableArray<ContendedAction> Contended { get; init; } = [];

    /// <summary>What a person says of the driver at hand. Not of specs/, which hold for all drivers.</summary>
    public SliceChoices Choices { get; init; } = SliceChoices.None;

    /// <summary>Arguments (from 0) for which the function takes NULL as well as an object.</summary>
    public ImmutableHashSet<(string Function, int Argument)> Null { get; init; } = [];

    /// <summary>The rule of each function that has one.</summary>
    public Dictionary<string, FunctionRule> RulesByName() => Functions.GroupBy(r => r.Name).ToDictionary(g => g.Key, g => g.First());

    public bool TakesNull(string function, int argument) => Null.Contains((function, argument));

    /// <summary>Arguments (from 0) for which the function takes an error pointer as well as an object.</summary>
    public ImmutableHashSet<(string Function, int Argument)> Errors { get; init; } = [];

    public bool TakesErrors(string function, int argument) => Errors.Contains((function, argument));

    /// <summary>Not of specs/: how sibling modules that are analysed along call what this driver exports, by function name.</summary>
    public ImmutableSortedDictionary<string, EntryRule> Exports { get; init; } = ImmutableSortedDictionary<string, EntryRule>.Empty;
}

/// <summary>
/// What an entry does that meets a closed gate. C expressions over a0, a1, ... (the entry's parameters) and <c>gate</c> (struct md_gate *).
/// </summary>
/// <param name="Postpone">True if the entry was put off until the gate opens, false if it opened meanwhile (try again). Null: nothing to arrange.</param>
/// <param name="Result">What the entry then returns; null for void, or when the entry's rule says it.</param>
/// <param name="Waits">The entry may sleep: it waits for the gate instead.</param>
public sealed record ContendedAction(string Name, string? Postpone, string? Result, bool Waits)
{
    /// <summary>C expression, a pointer, evaluated before the entry itself runs; or null.</summary>
    public string? Before { get; init; }

    /// <summary>C expression, evaluated after it, over <c>kept</c>, the value of <see cref="Before"/>; both or neither.</summary>
    public string? After { get; init; }
}

/// <summary>Execution contexts, ordered: a function that can run in several has the set.</summary>
[Flags]
public enum ExecContext { None = 0, Process = 1, Atomic = 2, SoftIrq = 4, HardIrq = 8 }

public enum DeathRule { Fail, Retry, Undo }

/// <summary>
/// How the kernel calls a function that a driver hands it. Key is <c>struct NAME.field</c> for an ops member or callback field
/// (record spelling, innermost), <c>function#N</c> for argument N (0-based) of a registration function, <c>macro#init</c> / <c>macro#exit</c>
/// for module_init and module_exit.
/// </summary>
/// <param name="Hot">On the common path: stays in the kernel although its context would allow more.</param>
/// <param name="Deferrable">Void and awaited by nobody: may become deferred process-context work (needs the runtime's deferral).</param>
/// <param name="Contended">Contended action of the gate (mask-irq, stop-queue, reschedule-poll, re-arm, lockless), or null.</param>
/// <param name="Arrays">Lengths of buffers that the core allocated: parameter index to C expression over a0, a1, ... in elements.</param>
public sealed record EntryRule(
    string Key, ExecContext Context, bool Hot, bool Deferrable, DeathRule OnDeath, string? Contended,
    ImmutableSortedDictionary<int, string> Arrays, string Why)
{
    /// <summary>The caller holds the network's configuration lock (<c>holds = "rtnl"</c>): its devices can be stopped and opened there.</summary>
    public bool HoldsRtnl { get; init; }

    /// <summary>A kernel function that voids the rule when the driver calls it (pm_runtime_irq_safe), or null.</summary>
    public string? UnlessCalls { get; init; }

    /// <summary>A thread's main loop: nobody waits for its end, so its user code has no bound.</summary>
    public bool Endless { get; init; }

    /// <summary>It binds the device that is its first argument: of a device that it refuses there is nothing.</summary>
    public bool Binds { get; init; }

    /// <summary>C expression that the entry returns when contended, in place of its action's.</summary>
    public string? ContendedResult { get; init; }

    /// <summary>
    /// It is turned away, for a bounded time, while an upcall runs that writes what it writes: nobody waits for it, but for upcalls
    /// that call one of these kernel functions. Null: it is not.
    /// </summary>
    public ImmutableArray<string>? YieldsUnlessCalls { get; init; }

    /// <summary>What replaces the caller's exclusion when the entry is deferred; without it a deferrable entry stays in the kernel half.</summary>
    public DeferRule? Defer { get; init; }
}

/// <summary>The exclusion that a deferred entry had from its caller, and what stands for it in process context.</summary>
/// <param name="Hold">C statement over a0, ...: takes the lock (it may be atomic) under which what travels in is copied, or null.</param>
/// <param name="Unhold">Gives it back.</param>
/// <param name="Excludes">Keys of entries that take their contended action while the deferred entry runs (<c>struct net_device_ops.ndo_start_xmit</c>).</param>
public sealed record DeferRule(string? Hold, string? Unhold, ImmutableArray<string> Excludes);

/// <summary>
/// What cannot be read off a kernel function's prototype. C expressions use a0, a1, ... for the arguments and r for the result.
/// </summary>
/// <param name="Local">The user half has its own: a libc function or one of user/md_local.c and md_text.c; pointees of const pointers are read, of others written, ReadArgs/WriteArgs say it where prototypes don't.</param>
/// <param name="Inline">For header inlines: local (compiles into the user half although it has assembly, e.g. register accessors) or downcall (never local). Null: decided by what it does.</param>
/// <param name="AllocSize">C expression for the bytes allocated; result is then an allocation.</param>
/// <param name="AllocDevice">C expression for the device whose unbinding frees it (devm), or null.</param>
/// <param name="MmioSize">C expression for the bytes mapped ("0": ask the page tables); result is then a register window.</param>
/// <param name="Frees">Index of the argument whose object or register window ends, or -1.</param>
/// <param name="Keeps">Indices of const char * arguments that the kernel keeps.</param>
/// <param name="Buffers">Parameter index to C expression for its size in bytes (void * and scalar pointers whose size the type does not say).</param>
/// <param name="Out">Indices of pointer parameters that are only written (not read) by the function.</param>
/// <param name="Opaque">Indices of void * parameters that are cookies: handed back to callbacks, never followed.</param>
/// <param name="Shipped">Must run in the task that made the upcall (looks at current, can block on what the caller holds).</param>
/// <param name="Pin">Functions that call it stay in the kernel (reason).</param>
public sealed record FunctionRule(
    string Name, bool Local, string? Inline, string? AllocSize, bool AllocZeroed, string? AllocDevice, string? MmioSize, int Frees,
    ImmutableArray<int> Keeps, ImmutableSortedDictionary<int, string> Buffers, ImmutableArray<int> Out, ImmutableArray<int> Opaque,
    ImmutableArray<int> ReadArgs, ImmutableArray<int> WriteArgs, bool Shipped, string? Pin)
{
    /// <summary>What it allocates is written by the device as well: it must be mapped, a mirror of it would be wrong.</summary>
    public bool Coherent { get; init; }

    /// <summary>Waits for entries that may be postponed by the gate, or ends them (free_irq, napi_disable, del_timer_sync): the gate stays open meanwhile.</summary>
    public bool Settles { get; init; }

    /// <summary>It ends them: afterwards none may run, so the kernel half must not call it on its own while the gate can have postponed one.</summary>
    public bool Ends { get; init; }

    /// <summary>It takes something that its argument leads to away (an unmapping, a last put), which a repeated call would do twice.</summary>
    public bool Consumes { get; init; }

    /// <summary>What its argument leads to may end later, in any process context: a field that still names it decides when. Null: it ends at once.</summary>
    public LateRule? Late { get; init; }

    /// <summary>C expression: what its arguments must satisfy, or the process lies. Null: nothing beyond their types.</summary>
    public string? Requires { get; init; }

    /// <summary>It has no effect that anyone else can see; what the undo log takes back does not count.</summary>
    public bool Pure { get; init; }

    /// <summary>Made twice it does what it does once, and later calls may need it again: a wait, an access to a device, a state that is set.</summary>
    public bool Repeatable { get; init; }

    /// <summary>It may wait for another task, or for time to pass: not inside the gate, which waits for those inside.</summary>
    public bool Blocks { get; init; }

    public static FunctionRule Named(string name) => new(
        name, false, null, null, false, null, null, -1, [], ImmutableSortedDictionary<int, string>.Empty, [], [], [], [], false, null);
}

/// <summary>A release that may be put off.</summary>
/// <param name="If">C expression: only then, for then it is the last reference that goes</param>
/// <param name="First">C expression that gives up what others may wait for, or null</param>
public sealed record LateRule(string If, string? First);

public enum LockKind { Spin, SpinIrq, Mutex, Semaphore, Rcu, IrqOff, PreemptOff, Core }

public enum LockStep { Acquire, Release, TryAcquire }

/// <summary>One lock primitive. Argument is the index of the lock, -1 if there is none (rcu_read_lock).</summary>
/// <param name="AtomicWhileHeld">Code between acquire and release must not sleep.</param>
public sealed record LockRule(string Function, LockKind Kind, LockStep Step, int Argument, bool AtomicWhileHeld);

/// <summary>
/// A tracked pair: after Acquire succeeded, Release(keys) undoes it. Keys are C expressions over a0.., r (the acquire's result)
/// in the order of Release's parameters (at most three; six if it is Passing).
/// </summary>
/// <param name="Success">zero, nonnull, nonnegative, nonzero, mapped, always.</param>
public sealed record PairRule(string Acquire, string Success, string Release, ImmutableArray<string> Keys)
{
    /// <summary>Owed only until something that the user half wrote later has reached the kernel: then the driver's own structures know of it.</summary>
    public bool Passing { get; init; }

    /// <summary>A sleeping lock that the upcall's caller holds for it: given back in that task when the upcall dies.</summary>
    public bool Lock { get; init; }

    /// <summary>A second acquire before the release is an error that the kernel does not survive: refused.</summary>
    public bool Once { get; init; }
}
