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

    /// <summary><c>void *</c>, or bytes that may turn out to be something else.</summary>
    public static bool IsUntyped(this CType type) => type.IsVoidPointer || type.IsPointerToScalar();

    /// <summary>Spelling without qualifiers of the type itself: <c>const char *const</c> is <c>const char *</c>, <c>const int</c> is <c>int</c>.</summary>
    public static string Plain(string spelling)
    {
        var star = spelling.LastIndexOf('*') + 1;
        var words = spelling[star..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(w => w is not ("const" or "volatile" or "restrict"));
        return spelling[..star] + string.Join(' ', words);
    }

    /// <summary>A parameter declared as an array is a pointer.</summary>
    public static CType Decayed(this CType type) =>
        type is { Kind: CKind.Array, Element: { } element } ? new CType(CKind.Pointer, 8, element.Spelling + " *", Element: element) : type;
}
