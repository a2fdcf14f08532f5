// SPDX-License-Identifier: GPL-2.0-only
namespace Microdrivers.Host;

/// <summary>
/// A signal that arrived inside a downcall would make the kernel's sleep in there return -EINTR, an error that the native
/// driver never sees. So u-threads take none; those that mean a fault of the code itself cannot be put off anyway.
/// SIGTERM still ends the process, through its first thread, and SIGKILL always does.
/// </summary>
internal static unsafe class Signals
{
    // SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS
    static ReadOnlySpan<byte> Fatal => [4, 5, 6, 7, 8, 11, 31];

    internal static void BlockAllButFatal(byte* before)
    {
        byte* set = stackalloc byte[Libc.SignalSetBytes];
        new Span<byte>(set, Libc.SignalSetBytes).Fill(0xff);
        foreach (var signal in Fatal)
            set[(signal - 1) / 8] &= (byte)~(1 << (signal - 1) % 8);
        _ = Libc.SignalMask(Libc.Block, set, before);
    }

    internal static void Restore(byte* before) => _ = Libc.SignalMask(Libc.SetMask, before, null);
}
