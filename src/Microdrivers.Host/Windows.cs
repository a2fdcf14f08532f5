// SPDX-License-Identifier: GPL-2.0-only
namespace Microdrivers.Host;

/// <summary>
/// The windows of the kernel's address space: some 70 TB of reserved addresses, a few pages of memory. The kernel
/// fills a page when it has marshaled something into it; a touch of any other page is a SIGBUS.
/// </summary>
internal static class Windows
{
    const nint Failed = -1;

    /// <returns>Start of each window, 0 where the runtime has none.</returns>
    internal static ulong[] Map(int device, in Hello hello)
    {
        var starts = new ulong[Wire.WindowCount];
        for (var window = 0; window < starts.Length; window++)
        {
            if (hello.Window[window].Size != 0)
                starts[window] = MapOne(device, window, hello.Window[window]);
        }
        return starts;
    }

    static ulong MapOne(int device, int window, WindowInfo info)
    {
        var start = Try(device, window, info, Libc.MapFixedNoReplace);

        // Taken, by a sanitizer's shadow for one: any other place will do, as the kernel sees where the map went.
        if (start == Failed && Libc.LastError == Libc.Exists)
            start = Try(device, window, info, 0);
        if (start != Failed)
            return (ulong)start;

        var error = Libc.LastError;
        throw new HostFailure($"cannot map window {window} ({info.Size >> 30} GiB at 0x{info.Suggested:x}): {Libc.Explain(error)}",
            error == Libc.NoMemory
                ? "lift the limit on address space (ulimit -v unlimited); under a sanitizer start the host through the loader (docs/guide/tools.md)"
                : "see what the runtime said: dmesg | grep microdriver");
    }

    static nint Try(int device, int window, WindowInfo info, int fixedness) =>
        Libc.Map((nuint)info.Suggested, (nuint)info.Size, Libc.ProtectReadWrite, Libc.MapShared | fixedness,
            device, Wire.WindowOffset(window));
}
