// SPDX-License-Identifier: GPL-2.0-only
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using DriverSlicer.Model;

namespace DriverSlicer.Clang.Native;

/// <summary>The part of libclang's C API that is used here. Version 17 or newer: older ones do not tell operators apart.</summary>
internal static unsafe partial class LibClang
{
    private const string Library = "clang";
    private const int OldestUsable = 17;

    static LibClang() => NativeLibrary.SetDllImportResolver(typeof(LibClang).Assembly, Resolve);

    /// <summary>Throws a <see cref="DiagnosticException"/> when no usable libclang is installed.</summary>
    public static void Require()
    {
        var handle = Load();
        if (handle == 0)
            throw Trouble($"no libclang {OldestUsable} or newer was found on this machine");
        var version = TakeString(clang_getClangVersion());
        var match = Regex.Match(version, @"version (\d+)");
        if (match.Success && int.Parse(match.Groups[1].Value) < OldestUsable)
            throw Trouble($"libclang {match.Groups[1].Value} is too old: {OldestUsable} or newer is needed");
    }

    public static string TakeString(CXString text)
    {
        var result = Marshal.PtrToStringUTF8(clang_getCString(text)) ?? "";
        clang_disposeString(text);
        return result;
    }

    private static DiagnosticException Trouble(string message) =>
        new(new Diagnostic("DS0101", Severity.Error, Location.None, message, "apt-get install libclang1-19"), 2);

    private static nint Resolve(string name, System.Reflection.Assembly assembly, DllImportSearchPath? path) =>
        name == Library ? Load() : 0;

    // 19 first: it is the version the layouts and cursor numbers were checked with.
    private static readonly int[] Versions = [19, 18, 17, 20, 21, 22];

    /// <summary>Another libclang, or another build of it, has another one.</summary>
    public static string Stamp() => string.Join('\n', Versions.Select(v => new FileInfo($"/usr/lib/llvm-{v}/lib/libclang.so.1"))
        .Where(f => f.Exists).Select(f => f.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? f).Select(f => $"{f.FullName} {f.Length} {f.LastWriteTimeUtc:O}"));

    /// <summary>Gives freed memory back to the system: each thread would keep what one parsed unit took.</summary>
    [LibraryImport("libc")] public static partial int malloc_trim(nuint keep);

    private static nint Load()
    {
        foreach (var version in Versions)
        {
            if (NativeLibrary.TryLoad($"libclang-{version}.so.1", out var handle)
                || NativeLibrary.TryLoad($"/usr/lib/llvm-{version}/lib/libclang.so.1", out handle))
                return handle;
        }

        return 0;
    }

    [LibraryImport(Library)] public static partial CXString clang_getClangVersion();
    [LibraryImport(Library)] public static partial nint clang_getCString(CXString text);
    [LibraryImport(Library)] public static partial void clang_disposeString(CXString text);
    [LibraryImport(Library)] public static partial nint clang_createIndex(int excludePch, int displayDiagnostics);
    [LibraryImport(Library)] public static partial void clang_disposeIndex(nint index);

    [LibraryImport(Library)]
    public static partial int clang_parseTranslationUnit2(
        nint index, nint file, nint* arguments, int count, CXUnsavedFile* unsaved, uint unsavedCount, uint options, out nint unit);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int clang_saveTranslationUnit(nint unit, string path, uint options);

    [LibraryImport(Library)] public static partial void clang_disposeTranslationUnit(nint unit);
    [LibraryImport(Library)] public static partial CXCursor clang_getTranslationUnitCursor(nint unit);
    [LibraryImport(Library)] public static partial uint clang_getNumDiagnostics(nint unit);
    [LibraryImport(Library)] public static partial nint clang_getDiagnostic(nint unit, uint index);
    [LibraryImport(Library)] public static partial void clang_disposeDiagnostic(nint diagnostic);
    [LibraryImport(Library)] public static partial int clang_getDiagnosticSeverity(nint diagnostic);
    [LibraryImport(Library)] public static partial CXString clang_getDiagnosticSpelling(nint diagnostic);
    [LibraryImport(Library)] public static partial CXSourceLocation clang_getDiagnosticLocation(nint diagnostic);
    [LibraryImport(Library)] public static partial CXString clang_getFileName(nint file);
    [LibraryImport(Library)] public static partial nint clang_getFileContents(nint unit, nint file, out nuint size);

    [LibraryImport(Library)]
    public static partial uint clang_visitChildren(CXCursor parent, delegate* unmanaged<CXCursor, CXCursor, nint, int> visitor, nint data);

    [LibraryImport(Library)]
    public static partial uint clang_Type_visitFields(CXType type, delegate* unmanaged<CXCursor, nint, int> visitor, nint data);

    [LibraryImport(Library)]
    public static partial void clang_getInclusions(nint unit, delegate* unmanaged<nint, CXSourceLocation*, uint, nint, void> visitor, nint data);

    [LibraryImport(Library)] public static partial CXSourceLocation clang_getCursorLocation(CXCursor cursor);
    [LibraryImport(Library)] public static partial CXSourceRange clang_getCursorExtent(CXCursor cursor);
    [LibraryImport(Library)] public static partial CXSourceLocation clang_getRangeStart(CXSourceRange range);
    [LibraryImport(Library)] public static partial CXSourceLocation clang_getRangeEnd(CXSourceRange range);

    [LibraryImport(Library)]
    public static partial void clang_getExpansionLocation(CXSourceLocation location, out nint file, out uint line, out uint column, out uint offset);

    [LibraryImport(Library)]
    public static partial void clang_getSpellingLocation(CXSourceLocation location, out nint file, out uint line, out uint column, out uint offset);

    [LibraryImport(Library)]
    public static partial void clang_getFileLocation(CXSourceLocation location, out nint file, out uint line, out uint column, out uint offset);

    [LibraryImport(Library)] public static partial CXString clang_getCursorSpelling(CXCursor cursor);
    [LibraryImport(Library)] public static partial CXString clang_getCursorUSR(CXCursor cursor);
    [LibraryImport(Library)] public static partial CXCursor clang_getCursorReferenced(CXCursor cursor);
    [LibraryImport(Library)] public static partial CXCursor clang_getCursorDefinition(CXCursor cursor);
    [LibraryImport(Library)] public static partial CXCursor clang_getCanonicalCursor(CXCursor cursor);
    [LibraryImport(Library)] public static partial CXCursor clang_getCursorSemanticParent(CXCursor cursor);
    [LibraryImport(Library)] public static partial uint clang_isCursorDefinition(CXCursor cursor);
    [LibraryImport(Library)] public static partial CXType clang_getCursorType(CXCursor cursor);
    [LibraryImport(Library)] public static partial CXType clang_getCursorResultType(CXCursor cursor);
    [LibraryImport(Library)] public static partial int clang_Cursor_getNumArguments(CXCursor cursor);
    [LibraryImport(Library)] public static partial CXCursor clang_Cursor_getArgument(CXCursor cursor, uint index);
    [LibraryImport(Library)] public static partial StorageClass clang_Cursor_getStorageClass(CXCursor cursor);
    [LibraryImport(Library)] public static partial uint clang_Cursor_isVariadic(CXCursor cursor);
    [LibraryImport(Library)] public static partial uint clang_Cursor_isFunctionInlined(CXCursor cursor);
    [LibraryImport(Library)] public static partial CXCursor clang_Cursor_getVarDeclInitializer(CXCursor cursor);
    [LibraryImport(Library)] public static partial uint clang_Cursor_isAnonymous(CXCursor cursor);
    [LibraryImport(Library)] public static partial uint clang_Cursor_isBitField(CXCursor cursor);
    [LibraryImport(Library)] public static partial int clang_getFieldDeclBitWidth(CXCursor cursor);
    [LibraryImport(Library)] public static partial long clang_Cursor_getOffsetOfField(CXCursor cursor);
    [LibraryImport(Library)] public static partial UnaryKind clang_getCursorUnaryOperatorKind(CXCursor cursor);
    [LibraryImport(Library)] public static partial BinaryKind clang_getCursorBinaryOperatorKind(CXCursor cursor);
    [LibraryImport(Library)] public static partial nint clang_getCursorPrintingPolicy(CXCursor cursor);
    [LibraryImport(Library)] public static partial void clang_PrintingPolicy_setProperty(nint policy, int property, uint value);
    [LibraryImport(Library)] public static partial void clang_PrintingPolicy_dispose(nint policy);
    [LibraryImport(Library)] public static partial CXString clang_getCursorPrettyPrinted(CXCursor cursor, nint policy);

    [LibraryImport(Library)] public static partial nint clang_Cursor_Evaluate(CXCursor cursor);
    [LibraryImport(Library)] public static partial int clang_EvalResult_getKind(nint result);
    [LibraryImport(Library)] public static partial long clang_EvalResult_getAsLongLong(nint result);
    [LibraryImport(Library)] public static partial void clang_EvalResult_dispose(nint result);

    [LibraryImport(Library)] public static partial CXType clang_getCanonicalType(CXType type);
    [LibraryImport(Library)] public static partial CXType clang_getUnqualifiedType(CXType type);
    [LibraryImport(Library)] public static partial CXString clang_getTypeSpelling(CXType type);
    [LibraryImport(Library)] public static partial uint clang_isConstQualifiedType(CXType type);
    [LibraryImport(Library)] public static partial uint clang_isFunctionTypeVariadic(CXType type);
    [LibraryImport(Library)] public static partial int clang_getNumArgTypes(CXType type);
    [LibraryImport(Library)] public static partial CXType clang_getArgType(CXType type, uint index);
    [LibraryImport(Library)] public static partial CXType clang_getResultType(CXType type);
    [LibraryImport(Library)] public static partial CXType clang_getPointeeType(CXType type);
    [LibraryImport(Library)] public static partial CXType clang_getArrayElementType(CXType type);
    [LibraryImport(Library)] public static partial long clang_getArraySize(CXType type);
    [LibraryImport(Library)] public static partial long clang_Type_getSizeOf(CXType type);
    [LibraryImport(Library)] public static partial CXCursor clang_getTypeDeclaration(CXType type);
    [LibraryImport(Library)] public static partial CXType clang_getEnumDeclIntegerType(CXCursor cursor);
}
