// SPDX-License-Identifier: GPL-2.0-only
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Microdrivers.Host;

/// <summary>
/// The disk may hang on this process: it must not wait for the disk, be swapped, be chosen when memory is short, or be
/// ended first at shutdown. Each failure here is a warning: a sound card works without.
/// </summary>
internal static unsafe class Protection
{
    const string Maps = "/proc/self/maps";

    internal static void Raise(string driver, HostLog log)
    {
        NameProcess(driver);
        _ = Libc.ChangeDirectory("/");
        Try(log, "spare it when memory is short", WriteOomScore());
        Try(log, "keep its allocations off the disk", Libc.ProcessControl(Libc.SetIoFlusher, 1, 0, 0, 0));

        // The windows are VM_PFNMAP and stay out of this; ONFAULT, or the reserved heap would be filled as well.
        ulong* unlimited = stackalloc ulong[] { ulong.MaxValue, ulong.MaxValue };
        _ = Libc.SetLimit(Libc.LimitMemoryLock, unlimited);
        Try(log, "lock it in memory", Libc.LockAll(Libc.LockCurrent | Libc.LockFuture | Libc.LockOnFault));
        ReadAllCode();
    }

    /// <summary>Parts of a line of /proc/self/maps that is backed by a file and readable; false for all others.</summary>
    internal static bool IsCode(string line, out ulong start, out ulong length)
    {
        (start, length) = (0, 0);
        var parts = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 6 || parts[1][0] != 'r' || parts[5].StartsWith("/dev/", StringComparison.Ordinal) || parts[5][0] != '/')
            return false;
        var dash = parts[0].IndexOf('-');
        start = ulong.Parse(parts[0].AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        length = ulong.Parse(parts[0].AsSpan(dash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture) - start;
        return true;
    }

    /// <summary>ONFAULT locks only what has been touched: touch every page that would else come from a file later.</summary>
    static void ReadAllCode()
    {
        // No /proc yet in an early initramfs, which is in memory anyway.
        foreach (var line in File.Exists(Maps) ? File.ReadAllLines(Maps) : [])
        {
            if (IsCode(line, out var start, out var length))
                _ = Libc.Advise((nuint)start, (nuint)length, Libc.PopulateRead);
        }
    }

    /// <summary>ps shows md:NAME; systemd spares at shutdown whose command line starts with '@'.</summary>
    static void NameProcess(string driver)
    {
        var name = Encoding.UTF8.GetBytes($"md:{driver}\0");
        fixed (byte* first = name)
            _ = Libc.ProcessControl(Libc.SetName, (nuint)first, 0, 0, 0);

        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "program_invocation_name", out var variable))
            **(byte**)variable = (byte)'@';
    }

    static int WriteOomScore()
    {
        var file = Libc.Open("/proc/self/oom_score_adj", Libc.WriteOnly | Libc.CloseOnExec, 0);
        if (file < 0)
            return -1;
        fixed (byte* never = "-1000"u8)
        {
            var written = Libc.Write(file, never, 5);
            _ = Libc.Close(file);
            return written == 5 ? 0 : -1;
        }
    }

    static void Try(HostLog log, string aim, int result)
    {
        if (result < 0)
            log.Warn($"cannot {aim}: {Libc.Explain(Libc.LastError)}; it goes on without");
    }
}
