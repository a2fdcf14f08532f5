// SPDX-License-Identifier: GPL-2.0-only
using System.Runtime.InteropServices;
using System.Text;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Native;

/// <summary>Headers parsed once for many files, in a file of which Clang loads what a unit uses.</summary>
internal static unsafe class PrecompiledHeaders
{
    private const string Name = "/nonexistent/precompiled.h";
    private const uint Incomplete = 2;
    private const uint ForSerialization = 0x10;

    /// <summary>Macros that the command line of each module defines; inlines that print need some value.</summary>
    private static readonly string[] OfTheModule = ["KBUILD_MODNAME", "KBUILD_BASENAME", "KBUILD_MODFILE"];

    /// <summary>Writes them to <paramref name="target"/>, or returns the first error: they do not compile together.</summary>
    public static string? Write(string target, IEnumerable<string> headers, IReadOnlyList<string> arguments)
    {
        var index = clang_createIndex(0, 0);
        var pinned = arguments.Append("-xc-header").Select(Marshal.StringToCoTaskMemUTF8).ToArray();
        var path = Marshal.StringToCoTaskMemUTF8(Name);
        var contents = Encoding.UTF8.GetBytes(Text(headers));
        try
        {
            fixed (nint* argv = pinned)
            fixed (byte* bytes = contents)
            {
                var unsaved = new CXUnsavedFile { Filename = path, Contents = (nint)bytes, Length = (nuint)contents.Length };
                var code = clang_parseTranslationUnit2(index, path, argv, pinned.Length, &unsaved, 1, Incomplete | ForSerialization, out var unit);
                if (code != 0)
                    return $"libclang could not parse them (code {code})";
                var error = FirstError(unit) ?? Save(unit, target);
                clang_disposeTranslationUnit(unit);
                return error;
            }
        }
        finally
        {
            clang_disposeIndex(index);
            Marshal.FreeCoTaskMem(path);
            foreach (var item in pinned)
                Marshal.FreeCoTaskMem(item);
        }
    }

    private static string Text(IEnumerable<string> headers) => string.Concat(
        OfTheModule.Select(n => $"#define {n} \"driver\"\n")
            .Concat(headers.Select(h => $"#if __has_include(<{h}>)\n#include <{h}>\n#endif\n"))
            .Concat(OfTheModule.Select(n => $"#undef {n}\n")));

    // Several workers may want the same: whoever is last wins, with the same contents.
    private static string? Save(nint unit, string target)
    {
        var partial = $"{target}.{Environment.ProcessId}";
        if (clang_saveTranslationUnit(unit, partial, 0) is not 0 and var code)
            return $"libclang could not save them (code {code})";
        File.Move(partial, target, overwrite: true);
        return null;
    }

    private static string? FirstError(nint unit)
    {
        for (uint i = 0; i < clang_getNumDiagnostics(unit); i++)
        {
            var diagnostic = clang_getDiagnostic(unit, i);
            var error = clang_getDiagnosticSeverity(diagnostic) >= 3 ? TakeString(clang_getDiagnosticSpelling(diagnostic)) : null;
            clang_disposeDiagnostic(diagnostic);
            if (error is not null)
                return error;
        }

        return null;
    }
}
