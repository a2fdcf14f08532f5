// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Lab.Faults;

/// <summary>Where in an upcall a kind of fault makes sense.</summary>
public enum FaultPlace
{
    Anywhere,

    /// <summary>Anywhere, once a downcall that gives something back has been made in the profile.</summary>
    WithRelease,

    /// <summary>Before a downcall that takes a pointer.</summary>
    Pointer,

    /// <summary>The same, once something was freed.</summary>
    StalePointer,

    /// <summary>Before a downcall that can fail.</summary>
    Fallible,

    /// <summary>Before or after a downcall of a tracked pair.</summary>
    Pair,

    /// <summary>Before the gate is opened.</summary>
    GateOpen,

    /// <summary>Before a downcall that takes a number.</summary>
    Scalar,

    /// <summary>Anywhere, of a driver that has mapped registers, or memory that the device writes too.</summary>
    Registers,
    Coherent,
}

/// <summary>A kind of fault that user/md_faults.c can do.</summary>
/// <param name="Promised">class A: the kernel survives it; else class B: counted, listed, not promised</param>
/// <param name="Weight">share among the random points; the slow ones are rare</param>
public sealed record FaultKind(string Name, string Group, bool Promised, FaultPlace Place, int Weight)
{
    public static ImmutableArray<FaultKind> All { get; } =
    [
        new("kill", "death", true, FaultPlace.Anywhere, 10),
        new("segv", "death", true, FaultPlace.Anywhere, 6),
        new("abort", "death", true, FaultPlace.Anywhere, 5),
        new("exit", "death", true, FaultPlace.Anywhere, 5),
        new("oom", "death", true, FaultPlace.Anywhere, 1),
        new("loop", "hang", true, FaultPlace.Anywhere, 3),
        new("sleep", "hang", true, FaultPlace.Anywhere, 3),
        new("stop", "hang", true, FaultPlace.Anywhere, 3),
        new("block", "hang", true, FaultPlace.Anywhere, 3),
        new("keep-lock", "hang", true, FaultPlace.GateOpen, 2),
        new("flood", "flood", true, FaultPlace.Anywhere, 1),
        new("bad-kind", "lie", true, FaultPlace.Anywhere, 2),
        new("bad-id", "lie", true, FaultPlace.Anywhere, 2),
        new("bad-frame", "lie", true, FaultPlace.Anywhere, 2),
        new("ready", "lie", true, FaultPlace.Anywhere, 2),
        new("raw", "lie", true, FaultPlace.Pointer, 3),
        new("foreign", "lie", true, FaultPlace.Pointer, 3),
        new("interior", "lie", true, FaultPlace.Pointer, 3),
        new("stack", "lie", true, FaultPlace.Pointer, 2),
        new("null", "lie", true, FaultPlace.Pointer, 3),
        new("mistyped", "lie", true, FaultPlace.Pointer, 4),
        new("stale", "lie", true, FaultPlace.StalePointer, 4),
        new("again", "order", true, FaultPlace.Pair, 4),
        new("skip", "order", true, FaultPlace.Pair, 4),
        new("out-of-turn", "order", true, FaultPlace.WithRelease, 4),
        new("fail", "failing-downcall", true, FaultPlace.Fallible, 8),
        new("field", "shared-field", false, FaultPlace.Anywhere, 4),
        new("scalar", "argument", false, FaultPlace.Scalar, 4),
        new("mmio", "register", false, FaultPlace.Registers, 4),
        new("coherent", "coherent-memory", false, FaultPlace.Coherent, 4),
    ];

    /// <summary>All, or those that are named by kind or group.</summary>
    public static ImmutableArray<FaultKind> Chosen(ImmutableArray<string> names)
    {
        foreach (var name in names.Where(n => All.All(k => k.Group != n)))
            Named(name);
        return names.IsEmpty ? All : [.. All.Where(k => names.Contains(k.Name) || names.Contains(k.Group))];
    }

    public static FaultKind Named(string name) =>
        All.FirstOrDefault(k => k.Name == name) ?? throw new LabUsageException($"{name} is no kind of fault: {string.Join(", ", All.Select(k => k.Name))}");
}
