// SPDX-License-Identifier: GPL-2.0-only
using System.Runtime.InteropServices;

namespace DriverSlicer.Clang.Native;

// The by-value structs of clang-c/Index.h, field for field.

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CXCursor
{
    public CursorKind Kind;
    public int XData;
    public nint Data0;
    public nint Data1;
    public nint Data2;

    public readonly bool IsNull => Kind == CursorKind.InvalidFile || (int)Kind is >= 70 and <= 73 || Kind == 0;
}

[StructLayout(LayoutKind.Sequential)]
internal struct CXType
{
    public TypeKind Kind;
    public nint Data0;
    public nint Data1;
}

[StructLayout(LayoutKind.Sequential)]
internal struct CXSourceLocation
{
    public nint Data0;
    public nint Data1;
    public uint IntData;
}

[StructLayout(LayoutKind.Sequential)]
internal struct CXSourceRange
{
    public nint Data0;
    public nint Data1;
    public uint Begin;
    public uint End;
}

[StructLayout(LayoutKind.Sequential)]
internal struct CXString
{
    public nint Data;
    public uint Flags;
}

[StructLayout(LayoutKind.Sequential)]
internal struct CXUnsavedFile
{
    public nint Filename;
    public nint Contents;
    public nuint Length;
}
