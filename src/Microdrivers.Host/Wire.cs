// SPDX-License-Identifier: GPL-2.0-only
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microdrivers.Host;

/// <summary>
/// kernel/microdriver_wire.h as the host needs it. Frames and ATTACH are the C code's business (user/md_user.c);
/// the unit tests compare every number here with what gcc makes of the header.
/// </summary>
internal static class Wire
{
    internal const uint Version = 2;
    internal const int NameMax = 64;
    internal const int SliceIdSize = 16;
    internal const int WindowCount = 4;
    internal const uint IocHello = 0xc0484d01;

    internal static long WindowOffset(int window) => (long)window << 47;
}

internal enum FrameKind : uint
{
    Ready = 1,
    Return,
    Downcall,
    Upcall,
    Result,
    Exit,
}

[StructLayout(LayoutKind.Sequential)]
internal struct WindowInfo
{
    internal ulong Size;
    internal ulong Suggested;
}

[InlineArray(Wire.WindowCount)]
internal struct WindowInfos
{
    WindowInfo first;
}

[StructLayout(LayoutKind.Sequential)]
internal struct Hello
{
    internal uint Version;
    internal uint Reserved;
    internal WindowInfos Window;
}

/// <summary>struct md_host of user/md_user.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HostCallbacks
{
    internal nint Trace;
    internal delegate* unmanaged<void> Spawn;
}

/// <summary>The head of struct md_user_tables of user/md_user.h; the rest concerns md_user.c only.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct UserTablesHead
{
    internal byte* Name;
}
