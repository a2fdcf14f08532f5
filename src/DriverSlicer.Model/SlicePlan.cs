// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Model;

public enum Half { User, Kernel }

/// <summary>Where a driver function lives and why. Frozen by Placement; nothing moves afterwards.</summary>
/// <param name="Contexts">Contexts it can run in.</param>
/// <param name="Reason">One line: the root and path, the lock or the construct that decided.</param>
/// <param name="Path">Names from the deciding root down to this function (explain prints it).</param>
/// <param name="DecidedAt">Location of the deciding construct or registration.</param>
public sealed record Placed(
    string Function, string Name, Half Half, ExecContext Contexts, string Reason, ImmutableArray<string> Path, Location DecidedAt);

/// <summary>Answers to design section 3. Local: only one half takes it. None of the others is silent.</summary>
public enum LockChoice { Local, Gate, Outline, Pin, Sleeping }

public sealed record LockAnswer(string Name, LockChoice Answer, string Reason, ImmutableArray<string> Takers);

/// <summary>Everything the emitter writes; all decisions are made. Indices into Types, Symbols, Upcalls and Downcalls are the ids on the wire.</summary>
public sealed record SlicePlan(
    DriverModel Model,
    ImmutableArray<Placed> Functions,
    ImmutableArray<LockAnswer> Locks,
    ImmutableArray<PlanType> Types,
    ImmutableArray<PlanSymbol> Symbols,
    ImmutableArray<Upcall> Upcalls,
    ImmutableArray<Downcall> Downcalls,
    ImmutableArray<AllocationSite> Sites,
    ImmutableArray<BothWritten> BothWritten,
    ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>Entries of the kernel half that the gate can hold up. Sorted by function id.</summary>
    public ImmutableArray<GatedEntry> Gated { get; init; } = [];

    /// <summary>Entries that the kernel half puts off into process context, where they are upcalls.</summary>
    public ImmutableArray<Deferral> Deferrals { get; init; } = [];

    /// <summary>What a person forced, or promised.</summary>
    public SliceChoices Choices { get; init; } = SliceChoices.None;

    /// <summary>Sets of functions, by symbol, that a function pointer of the user half's can name: sorted.</summary>
    public ImmutableArray<ImmutableArray<int>> FunctionSets { get; init; } = [];

    /// <summary>Kernel functions called only by what stands in the user half's text but runs in the kernel half (defined by macros, inlines whose address is taken). By name.</summary>
    public ImmutableArray<string> OnlyLinked { get; init; } = [];

    /// <summary>Some lock is answered by the gate: all spinlocks that the user half takes go by it.</summary>
    public bool HasGate => Locks.Any(l => l.Answer == LockChoice.Gate);
}

/// <summary>
/// A kernel-half function that the kernel enters, with a wrapper around it: enter the gate, or act contended. The driver's own direct calls
/// of the function bypass the wrapper.
/// </summary>
/// <param name="Locked">It leads to a gated lock, so it minds a gate that the user half closed.</param>
/// <param name="Excluded">It minds a gate that a deferred entry closed.</param>
/// <param name="Action">Result is filled in.</param>
/// <param name="Ends">Something ends by it (remove, stop): its caller goes on whatever it returns, so it is never given up.</param>
public sealed record GatedEntry(string Function, string Name, string Unit, bool Locked, bool Excluded, ContendedAction Action, bool Ends = false)
{
    /// <summary>It minds a gate that an upcall closed which is <see cref="Upcall.Alone"/>.</summary>
    public bool Yields { get; init; }
}

/// <param name="Upcall">Index of the entry point.</param>
/// <param name="Excludes">Entries with <see cref="GatedEntry.Excluded"/> are contended while it runs.</param>
public sealed record Deferral(int Upcall, string? Hold, string? Unhold, bool Excludes);

/// <summary>struct md_type. Record is the id in the model; Unit is the first translation unit in which its definition is visible.</summary>
public sealed record PlanType(string Record, string Spelling, int Size, string Unit, ImmutableArray<Embed> Embeds);

/// <summary>A record of type Type (index) by value at byte Offset.</summary>
public sealed record Embed(int Offset, int Type);

public enum SymbolKind { Function, Data, Const, Opaque }

/// <summary>struct md_symbol. Sorted by unit, then source order; index = symbol id in both halves.</summary>
/// <param name="Id">Function or Global id in the model.</param>
/// <param name="Type">Index into Types or -1.</param>
public sealed record PlanSymbol(string Id, string Name, SymbolKind Kind, string Unit, int Size, int Type);

/// <summary>Kinds of struct md_field, same names.</summary>
public enum FieldKind { Bytes, Bits, Ptr, PtrArray, PtrAny, PtrOpaque, PtrBytes, PtrString, PtrFunc, Embed }

/// <summary>struct md_field: Count elements of Size bytes, Stride apart, at Offset. Path is the C member designator from the record's (or global's) start.</summary>
public sealed record FieldPlan(string Path, int Offset, int Size, int Count, int Stride, FieldKind Kind, int Type, bool In, bool Out)
{
    /// <summary>PtrFunc: number of the set of functions that it can name, -1: any of the driver's.</summary>
    public int Functions { get; init; } = -1;

    /// <summary>PtrOpaque, PtrAny: the driver's text stores a number there, or what is not known.</summary>
    public bool Cookie { get; init; }
}

public sealed record Derived(long Offset, int Type);

/// <summary>struct md_visit.</summary>
public sealed record Visit(int Type, ImmutableArray<FieldPlan> Fields, ImmutableArray<Derived> Derived);

/// <summary>struct md_global.</summary>
public sealed record GlobalUse(int Symbol, ImmutableArray<FieldPlan> Fields);

/// <summary>Kinds of enum md_pass, same names.</summary>
public enum PassKind { Scalar, Object, String, Opaque, Func, Any, Void, Array }

/// <param name="Type">Record type index of Object and of Array's elements; -1 for an Array of scalars.</param>
public sealed record Pass(PassKind Kind, int Size, int Type)
{
    /// <summary>Array: C expression over a0, ... for its bytes; the stub evaluates it when the kernel calls.</summary>
    public string? Length { get; init; }

    /// <summary>Array of scalars: the user half reads it.</summary>
    public bool In { get; init; }

    /// <summary>Array of scalars: the user half writes it.</summary>
    public bool Out { get; init; }
}

/// <summary>One entry point of the user half: index = plan id. Called by a stub that replaces Function's body in the kernel half.</summary>
public sealed record Upcall(
    string Function, string Name, string Unit, DeathRule OnDeath, ImmutableArray<Pass> Parameters, Pass Result,
    ImmutableArray<Visit> Visits, ImmutableArray<GlobalUse> Globals)
{
    /// <summary>Its caller always holds the network's configuration lock (MD_HOLDS_RTNL).</summary>
    public bool HoldsRtnl { get; init; }

    /// <summary>A thread's main loop: the time that its user code takes has no bound.</summary>
    public bool Endless { get; init; }

    /// <summary>It binds its first argument; if it fails, what it has kept of it is given back.</summary>
    public bool Binds { get; init; }

    /// <summary>It writes fields that entries with <see cref="GatedEntry.Yields"/> write too: those are contended while it runs, for a bounded time.</summary>
    public bool Alone { get; init; }

    /// <summary>Downcalls that its text can lead to, ascending: of the process that serves it nothing else is done.</summary>
    public ImmutableArray<int> Calls { get; init; } = [];

    public int FieldsIn => Visits.Sum(v => v.Fields.Count(f => f.In)) + Globals.Sum(g => g.Fields.Count(f => f.In));

    public int FieldsOut => Visits.Sum(v => v.Fields.Count(f => f.Out)) + Globals.Sum(g => g.Fields.Count(f => f.Out));
}

/// <summary>OutPointer: address of a pointer variable of the user half's stack, which the function only sets.</summary>
public enum DownParameterKind { Scalar, Object, Opaque, Function, String, StringKept, Buffer, Format, OutPointer }

/// <param name="Type">Record type index for Object and for what OutPointer is set to, else -1.</param>
/// <param name="Size">C expression over a0, a1, ... for Buffer's bytes.</param>
/// <param name="In">Buffer: filled from the user half before the call.</param>
/// <param name="Out">Buffer: copied back after it.</param>
public sealed record DownParameter(DownParameterKind Kind, CType CType, int Type = -1, string? Size = null, bool In = true, bool Out = true)
{
    /// <summary>Function: number of the set of functions that it can name (SlicePlan.FunctionSets), -1: any of the driver's.</summary>
    public int Functions { get; init; } = -1;

    /// <summary>Opaque: the record types that it can lead to; empty: any known object.</summary>
    public ImmutableArray<int> Among { get; init; } = [];

    /// <summary>Opaque: a small number will do, too.</summary>
    public bool Cookie { get; init; }

    /// <summary>Object, Opaque: the callee asks for an error pointer before it looks behind it.</summary>
    public bool Errors { get; init; }
}

public enum DownResultKind { Void, Scalar, Object, Opaque, String, Mmio, Allocation }

/// <param name="Size">C expression over a0.., r: bytes of an allocation or register window.</param>
/// <param name="Device">C expression for the freeing device, or null.</param>
/// <param name="Type">Object: record type. Allocation: fixed record type, or -1 when the site says it.</param>
public sealed record DownResult(DownResultKind Kind, CType CType, int Type = -1, string? Size = null, bool Zeroed = false, string? Device = null)
{
    /// <summary>Allocation that a device writes as well: its pages themselves are mapped (MD_ALLOC_COHERENT).</summary>
    public bool Coherent { get; init; }
}

public enum DowncallKind
{
    /// <summary>Kernel function or another module's: the user half's linker stub has its name.</summary>
    Extern,

    /// <summary>Function of this driver that stays in the kernel half.</summary>
    Driver,

    /// <summary>Header inline performed as a whole in the kernel: user text says <c>#define name(...) md_i_name(__VA_ARGS__)</c>.</summary>
    Inline,

    /// <summary>Macro shim: the user half's symbol is md_m_NAME.</summary>
    Macro,
}

/// <summary>One target in the kernel: index = downcall id. Unit is the translation unit that holds its handler.</summary>
/// <param name="Frees">Parameter index that md_release is called with first, or -1.</param>
/// <param name="Acquires">Pairs to log after success.</param>
/// <param name="ReleasePair">Pairs that this call ends, or empty.</param>
/// <param name="Variadic">The last DownParameter is Format: text made in the user half, passed as "%s", text.</param>
public sealed record Downcall(
    string Function, string Name, DowncallKind Kind, string Unit, ImmutableArray<DownParameter> Parameters, DownResult Result,
    int Frees, ImmutableArray<PairRule> Acquires, bool IsRelease, bool Variadic)
{
    /// <summary>Runs in the task that made the upcall (MD_DOWN_SHIPPED).</summary>
    public bool Shipped { get; init; }

    /// <summary>The gate stays open while it runs (MD_DOWN_SETTLES).</summary>
    public bool Settles { get; init; }

    /// <summary>A function of this driver that leads to a gated lock (MD_DOWN_LOCKS).</summary>
    public bool Locks { get; init; }

    /// <summary>It ends or consumes something: who repeats what led to it would do so twice (MD_DOWN_RELEASES).</summary>
    public bool Consumes { get; init; }

    /// <summary>It ends a pair that is owed in passing only.</summary>
    public bool EndsPassing { get; init; }

    /// <summary>C expression over a0, ... that must hold of its arguments, or null.</summary>
    public string? Requires { get; init; }

    /// <summary>It gives back a sleeping lock of the caller's (a pair with lock).</summary>
    public bool Unlocks { get; init; }

    /// <summary>It is put off while a field names what it ends; null: never.</summary>
    public LateRule? Late { get; init; }

    /// <summary>The runtime may call it by itself: the undo log, or what is put off.</summary>
    public bool Undoes => IsRelease || EndsPassing || Late is not null || Unlocks;

    /// <summary>In a teardown it is not made again by a second attempt, for nobody knows what it would do (MD_DOWN_STEP).</summary>
    public bool Step { get; init; }

    /// <summary>It leaves nothing for others to see that outlives a death (MD_DOWN_PURE).</summary>
    public bool Pure { get; init; }

    /// <summary>Parameters that must not be NULL: neither does the kernel function ask for it, nor does the driver pass it.</summary>
    public ImmutableArray<int> Needed { get; init; } = [];

    /// <summary>No call of the user half: only the undo log performs it (MD_DOWN_UNDO).</summary>
    public bool UndoOnly { get; init; }

    /// <summary>Some call of the driver's is made where nothing may sleep (MD_DOWN_ATOMIC); all others are refused there.</summary>
    public bool Atomic { get; init; }
}

/// <summary>An allocating downcall in the user half at Unit:Line yields objects of type index Type.</summary>
/// <param name="Type">Or <see cref="Bytes"/>: plain bytes that the user half uses before any field leads to them; they travel while the upcall lasts.</param>
public sealed record AllocationSite(string Unit, int Line, int Downcall, int Type)
{
    public const int Bytes = -1;
}

/// <summary>A field that both halves write: reported, because a store of an unchanged value cannot be seen (trap 7).</summary>
public sealed record BothWritten(string Record, string Field, ImmutableArray<string> UserWriters, ImmutableArray<string> KernelWriters);

/// <summary>
/// What the runtime and emitter of today can carry out; the rest is pinned, with a diagnostic. Outlining is done to the text before the
/// analysis that counts, so there it is off: a region that is still in its function then was not outlined.
/// </summary>
public sealed record SliceAbilities(bool Gate, bool Deferral, bool Outline)
{
    public static readonly SliceAbilities Design = new(true, true, true);

    public static readonly SliceAbilities Today = new(true, true, false);
}
