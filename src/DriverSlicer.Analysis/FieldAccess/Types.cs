// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>Questions about pointer types.</summary>
internal static class Types
{
    /// <summary>What the pointer points to; a pointer to an array points to its elements.</summary>
    public static CType? Pointee(this CType type)
    {
        var element = type.IsPointer ? type.Element : null;
        while (element is { Kind: CKind.Array })
            element = element.Element;
        return element;
    }

    /// <summary>Id of the record that the pointer points to, or null.</summary>
    public static string? RecordBehind(this CType type) => type.Pointee() is { Kind: CKind.Record } pointee ? pointee.Record : null;

    public static bool IsPointerToPointer(this CType type) => type.Pointee() is { Kind: CKind.Pointer };

    public static bool IsPointerToScalar(this CType type) => type.Pointee() is { IsScalar: true };

    /// <summary><c>const char *</c>: by the kernel's custom a string. <c>const u8 *</c> is not.</summary>
    public static bool IsString(this CType type) => type.IsPointer && type.Element is { Kind: CKind.Char, IsConst: true } && type.IsCharPointer();

    public static bool IsCharPointer(this CType type) =>
        type.Pointee() is { Kind: CKind.Char } pointee && Plain(pointee.Spelling) == "char";

    /// <summary>Spelling without qualifiers.</summary>
    public static string Plain(string spelling) =>
        string.Join(' ', spelling.Replace("*const", "*", StringComparison.Ordinal).Replace("*volatile", "*", StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(w => w is not ("const" or "volatile" or "restrict")));
}
