// SPDX-License-Identifier: GPL-2.0-only
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Native;

/// <summary>Questions to a cursor, as C# would put them.</summary>
internal static unsafe class Cursors
{
    // The visitor only appends: an exception must never cross the native frames above it.
    [ThreadStatic] private static List<CXCursor>? collecting;

    public static CXCursor[] Children(this CXCursor cursor)
    {
        var outer = collecting;
        var list = collecting = new List<CXCursor>(4);
        clang_visitChildren(cursor, &Collect, 0);
        collecting = outer;
        return [.. list];
    }

    /// <summary>All fields of a record, the unnamed ones of anonymous members among them (those are no children of its cursor).</summary>
    public static CXCursor[] Fields(this CXType record)
    {
        var list = collecting = new List<CXCursor>();
        clang_Type_visitFields(record, &CollectField, 0);
        collecting = null;
        return [.. list];
    }

    public static bool IsExpression(this CXCursor cursor) => cursor.Kind is >= CursorKind.UnexposedExpr and <= CursorKind.LastExpr;

    public static bool IsStatement(this CXCursor cursor) => cursor.Kind is >= CursorKind.UnexposedStmt and <= CursorKind.LastStmt;

    public static string Spelling(this CXCursor cursor) => TakeString(clang_getCursorSpelling(cursor));

    public static string Usr(this CXCursor cursor) => TakeString(clang_getCursorUSR(cursor));

    public static CXCursor Referenced(this CXCursor cursor) => clang_getCursorReferenced(cursor);

    public static CXType Type(this CXCursor cursor) => clang_getCanonicalType(clang_getCursorType(cursor));

    /// <summary>Value when the expression is an integer constant expression, as the compiler folds it.</summary>
    public static long? Evaluate(this CXCursor cursor)
    {
        var result = clang_Cursor_Evaluate(cursor);
        if (result == 0)
            return null;
        long? value = clang_EvalResult_getKind(result) == 1 ? clang_EvalResult_getAsLongLong(result) : null;
        clang_EvalResult_dispose(result);
        return value;
    }

    public static bool IsPointer(this CXType type) => type.Kind == TypeKind.Pointer;

    public static bool IsArray(this CXType type) =>
        type.Kind is TypeKind.ConstantArray or TypeKind.IncompleteArray or TypeKind.VariableArray;

    public static bool IsFunction(this CXType type) => type.Kind is TypeKind.FunctionProto or TypeKind.FunctionNoProto;

    public static bool IsInteger(this CXType type) =>
        type.Kind is (>= TypeKind.Bool and <= TypeKind.Int128) or TypeKind.Enum;

    public static CXType Pointee(this CXType type) => clang_getCanonicalType(clang_getPointeeType(type));

    public static CXType ArrayElement(this CXType type) => clang_getCanonicalType(clang_getArrayElementType(type));

    /// <summary>Bytes; 1 for void and functions, as pointer arithmetic in GNU C counts them; 0 when incomplete.</summary>
    public static long Stride(this CXType type)
    {
        if (type.Kind == TypeKind.Void || type.IsFunction())
            return 1;
        var size = clang_Type_getSizeOf(type);
        return size < 0 ? 0 : size;
    }

    [UnmanagedCallersOnly]
    private static int Collect(CXCursor child, CXCursor parent, nint data)
    {
        collecting!.Add(child);
        return 1;
    }

    [UnmanagedCallersOnly]
    private static int CollectField(CXCursor field, nint data)
    {
        collecting!.Add(field);
        return 1;
    }
}
