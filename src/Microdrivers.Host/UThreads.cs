// SPDX-License-Identifier: GPL-2.0-only
using System.Runtime.InteropServices;

namespace Microdrivers.Host;

/// <summary>
/// The u-threads of the process. Each one sits in md_serve of the user half from its first instruction to its last:
/// C code, no allocation, no signal, bound to one CPU (a hand-over across CPUs costs ten times one within).
///
/// One pool per process, in unmanaged memory: the callbacks of md_user.h bring no cookie, so its state is static.
/// </summary>
internal static unsafe class UThreads
{
    internal const int Limit = 1024;
    const nuint StackBytes = 512 << 10;

    static delegate* unmanaged<int, int> serve;
    static int device;
    static int taken;
    static nuint* threads;
    static CpuSet cpus = null!;
    static HostLog log = null!;

    /// <summary>Starts <paramref name="count"/> u-threads; returns when they, and all that they started, are done.</summary>
    internal static void Serve(UserHalf half, int deviceFile, int count, HostLog hostLog)
    {
        serve = half.ServeFunction;
        (device, log, taken) = (deviceFile, hostLog, 0);
        cpus = CpuSet.Allowed();
        threads = (nuint*)NativeMemory.AllocZeroed(Limit, (nuint)sizeof(nuint));

        for (var started = 0; started < count; started++)
        {
            if (!Start())
                throw new HostFailure($"cannot start u-thread {started}", "raise the limit on threads (ulimit -u), or lower --threads");
        }

        // In order: a thread's starter has a lower number, so its handle is in place once the starter has been joined.
        for (var number = 0; number < Math.Min(Volatile.Read(ref taken), Limit); number++)
        {
            if (threads[number] != 0)
                _ = Libc.JoinThread(threads[number], null);
        }
    }

    [UnmanagedCallersOnly]
    internal static void OnSpawn()
    {
        // Once the limit is reached the runtime goes on asking: say it the first time only.
        if (!Start() && Volatile.Read(ref taken) <= Limit + 1)
            log.Warn($"cannot start one more u-thread (limit {Limit}): calls wait until one is idle");
    }

    static bool Start()
    {
        var number = Interlocked.Increment(ref taken) - 1;
        if (number >= Limit)
            return false;

        byte* attributes = stackalloc byte[Libc.ThreadAttributeBytes];
        _ = Libc.InitAttributes(attributes);
        _ = Libc.SetStackSize(attributes, StackBytes);

        // A thread inherits the mask: the new one is never without, not even while it starts.
        byte* before = stackalloc byte[Libc.SignalSetBytes];
        Signals.BlockAllButFatal(before);
        var error = Libc.CreateThread(&threads[number], attributes, &Body, number);
        Signals.Restore(before);
        if (error != 0)
            threads[number] = 0;
        return error == 0;
    }

    [UnmanagedCallersOnly]
    static nint Body(nint number)
    {
        // Again: a thread that enters managed code for the first time has the runtime's own signal unblocked.
        Signals.BlockAllButFatal(null);
        cpus.Pin((int)number);
        var error = -serve(device);

        // One broken thread is a broken process: the kernel cleans up behind it and starts a fresh one.
        if (error != 0)
        {
            log.Error($"u-thread {number} ends: {Libc.Explain(error)}. Next: dmesg | grep microdriver tells why the runtime gave it up.");
            Libc.ExitNow(ExitCode.Failed);
        }
        return 0;
    }
}
