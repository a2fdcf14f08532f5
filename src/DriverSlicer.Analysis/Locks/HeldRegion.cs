// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// In <see cref="Function"/>, facts with index in (Start, End) run with the lock held. Start is -1 when the caller took it and End is
/// the number of facts when the function returns holding it.
/// </summary>
/// <param name="Lock">Name of the lock: <c>struct card.lock</c>, <c>global eeprom_lock</c>, or the primitive for those without one.</param>
public sealed record HeldRegion(Function Function, LockName Lock, LockRule Rule, int Start, int End, Location Location)
{
    public bool Covers(int fact) => fact > Start && fact < End;

    /// <summary>It may hold the lock of that name, which sleeps or not.</summary>
    public bool MayHold(string name, bool isAtomic) => Lock.Text == name || (Lock.Text == LockName.Unknown && Rule.AtomicWhileHeld == isAtomic);
}

/// <param name="Node">The address that identifies it; null when it has none or cannot be told.</param>
public sealed record LockName(string Text, Node? Node)
{
    /// <summary>Text of a name that may stand for any lock of its sort.</summary>
    public const string Unknown = "unknown lock";
}
