// SPDX-License-Identifier: GPL-2.0-only
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Microdrivers.Host;

/// <summary>
/// Where trace lines go. Off is a null callback, so the serve loop pays one test. A line is built on the stack and leaves
/// in one write. The kernel log drops what comes too fast (printk_devkmsg): give --trace a file for more than a glance.
/// The callback brings no cookie, hence the static file; the time of the last event is per thread.
/// </summary>
internal static unsafe class Tracer
{
    const int StandardError = 2;

    static int file;
    static bool kernelLog;
    [ThreadStatic] static long last;

    /// <param name="target">HostOptions.Trace.</param>
    /// <returns>md_trace_fn of md_user.h, null when there is no trace.</returns>
    internal static nint Open(string? target, bool startedByKernel)
    {
        if (target == null)
            return 0;
        kernelLog = target == "/dev/kmsg" || target == "" && startedByKernel;
        file = target == "" && !startedByKernel ? StandardError : OpenFile(kernelLog ? "/dev/kmsg" : target);
        return (nint)(delegate* unmanaged<uint, byte*, uint, ulong, ulong*, uint, void>)&OnEvent;
    }

    static int OpenFile(string path)
    {
        var opened = Libc.Open(path, Libc.WriteOnly | Libc.Create | Libc.Append | Libc.CloseOnExec, 0x180);
        return opened >= 0
            ? opened
            : throw new HostFailure($"cannot write the trace to {path}: {Libc.Explain(Libc.LastError)}",
                "give --trace a file in a folder that exists");
    }

    [UnmanagedCallersOnly]
    static void OnEvent(uint kind, byte* name, uint depth, ulong value, ulong* args, uint count)
    {
        var now = Stopwatch.GetTimestamp();
        var micros = last == 0 ? 0 : Stopwatch.GetElapsedTime(last, now).TotalMicroseconds;

        byte* line = stackalloc byte[TraceLine.MaxBytes];
        var length = TraceLine.Format(new(line, TraceLine.MaxBytes), new TraceEvent
        {
            KernelLog = kernelLog,
            Thread = Libc.ThreadId(),
            Micros = micros,
            Kind = (FrameKind)kind,
            Depth = depth,
            Name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name),
            Value = value,
            Args = new(args, (int)count),
        });
        _ = Libc.Write(file, line, (nuint)length);
        last = Stopwatch.GetTimestamp();
    }
}
