// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Emit;

/// <summary>C types for plans written by hand.</summary>
internal static class C
{
    public static readonly CType Int = new(CKind.Int, 4, "int", IsSigned: true);
    public static readonly CType UInt = new(CKind.Int, 4, "unsigned int");
    public static readonly CType ULong = new(CKind.Int, 8, "unsigned long");
    public static readonly CType ULongLong = new(CKind.Int, 8, "unsigned long long");
    public static readonly CType Bool = new(CKind.Bool, 1, "_Bool");
    public static readonly CType VoidPointer = Pointer(CType.Void);
    public static readonly CType String = Pointer(new CType(CKind.Char, 1, "const char", IsConst: true, IsSigned: true));

    public static CType Pointer(CType to) => new(CKind.Pointer, 8, to.Spelling.EndsWith('*') ? to.Spelling + "*" : to.Spelling + " *", Element: to);

    public static CType Struct(string name, int size = 0) => new(CKind.Record, size, "struct " + name, Record: "c:@S@" + name);

    public static CType PointerTo(string name) => Pointer(Struct(name));

    public static CType Callback(string spelling) => new(CKind.Pointer, 8, spelling, Element: new CType(CKind.Function, 0, spelling.Replace("(*)", "", StringComparison.Ordinal)));
}
