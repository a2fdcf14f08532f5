// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using DriverSlicer.Model;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Native;

/// <summary>
/// One parsed unit. Owns its CXIndex: libclang allows one thread per index. Text inserted into the main file (the shims) is
/// subtracted from every position, so callers only see the original text.
/// </summary>
internal sealed unsafe class TranslationUnit : IDisposable
{
    private readonly nint index;
    private readonly nint unit;
    private readonly UnitText text;
    private readonly FileNames names;
    private readonly Dictionary<nint, ParsedFile> files = [];

    private TranslationUnit(nint index, nint unit, UnitText text, FileNames names) =>
        (this.index, this.unit, this.text, this.names) = (index, unit, text, names);

    public CXCursor Root => clang_getTranslationUnitCursor(unit);

    public ReadOnlySpan<byte> OriginalText => text.Original;

    public string Path => text.Path;

    public static TranslationUnit Parse(UnitText text, IReadOnlyList<string> arguments, FileNames names)
    {
        // What is precompiled is no declaration of this unit: walking through all of it would load all of it.
        var index = clang_createIndex(arguments.Contains("-include-pch") ? 1 : 0, 0);
        var pinned = arguments.Prepend("clang").Select(Marshal.StringToCoTaskMemUTF8).ToArray();
        var path = Marshal.StringToCoTaskMemUTF8(text.Path);
        var contents = text.WithInsertion();
        try
        {
            nint unit;
            int code;
            fixed (nint* argv = pinned)
            fixed (byte* bytes = contents)
            {
                var unsaved = new CXUnsavedFile { Filename = path, Contents = (nint)bytes, Length = (nuint)contents.Length };
                // 0: function bodies are wanted, macros are read from the text, no preamble is worth its cost.
                // argv[0] is the program's name for parse...2FullArgv only; here it must be left out.
                code = clang_parseTranslationUnit2(index, path, argv + 1, pinned.Length - 1, &unsaved, 1, 0, out unit);
            }

            if (code != 0)
                throw new DiagnosticException(new Diagnostic(
                    "DS0202", Severity.Error, new Location(text.Name, 0, 0), $"libclang could not parse the file (code {code})",
                    "check that the file is a C source file of a kernel driver"));
            return new TranslationUnit(index, unit, text, names);
        }
        finally
        {
            foreach (var item in pinned)
                Marshal.FreeCoTaskMem(item);
            Marshal.FreeCoTaskMem(path);
        }
    }

    /// <summary>Errors of the compiler, with positions in the original text.</summary>
    public IEnumerable<Diagnostic> Errors()
    {
        for (uint i = 0; i < clang_getNumDiagnostics(unit); i++)
        {
            var diagnostic = clang_getDiagnostic(unit, i);
            var severity = clang_getDiagnosticSeverity(diagnostic);
            var message = TakeString(clang_getDiagnosticSpelling(diagnostic));
            var place = FilePlace(clang_getDiagnosticLocation(diagnostic));
            clang_disposeDiagnostic(diagnostic);
            if (severity >= 3)
                yield return Troubles.Compiler(ToLocation(place), message);
        }
    }

    /// <summary>Files that the unit read, the main one excepted, in order of first inclusion.</summary>
    public ImmutableArray<ParsedFile> Inclusions()
    {
        var found = new List<nint>();
        var handle = GCHandle.Alloc(found);
        clang_getInclusions(unit, &OnInclusion, GCHandle.ToIntPtr(handle));
        handle.Free();
        return [.. found.Distinct().Select(File).Where(f => !f.IsMain)];
    }

    public string Absolute(string path) => System.IO.Path.GetFullPath(path, names.WorkingDirectory);

    /// <summary>Where the outermost expansion stands: decides which file a declaration belongs to.</summary>
    public Place ExpansionPlace(CXSourceLocation location)
    {
        clang_getExpansionLocation(location, out var file, out var line, out var column, out var offset);
        return Original(file, line, column, offset);
    }

    /// <summary>Where the token is written when it is a macro argument, else where the outermost macro stands.</summary>
    public Place FilePlace(CXSourceLocation location)
    {
        clang_getFileLocation(location, out var file, out var line, out var column, out var offset);
        return Original(file, line, column, offset);
    }

    /// <summary>Text from where the token is spelled (perhaps inside a macro definition) to the end of that file.</summary>
    public ReadOnlySpan<byte> SpellingText(CXSourceLocation location)
    {
        clang_getSpellingLocation(location, out var file, out _, out _, out var offset);
        return file == 0 ? default : SliceFrom(File(file), (int)offset);
    }

    public ReadOnlySpan<byte> ExpansionText(CXSourceLocation location)
    {
        clang_getExpansionLocation(location, out var file, out _, out _, out var offset);
        return file == 0 ? default : SliceFrom(File(file), (int)offset);
    }

    /// <summary>The macro whose expansion contains the location, by the name written in the file; null outside macros.</summary>
    public string? MacroAt(CXSourceLocation location)
    {
        clang_getExpansionLocation(location, out var file, out _, out _, out var offset);
        clang_getSpellingLocation(location, out var spelledFile, out _, out _, out var spelledOffset);
        if (file == 0 || (file == spelledFile && offset == spelledOffset))
            return null;
        var name = CText.IdentifierAt(SliceFrom(File(file), (int)offset));
        return name.Length == 0 ? null : name;
    }

    public Location Locate(CXSourceLocation location) => ToLocation(FilePlace(location));

    public static Location ToLocation(Place place) =>
        place.File == null ? Location.None : new Location(place.File.Name, place.Line, place.Column);

    public void Dispose()
    {
        clang_disposeTranslationUnit(unit);
        clang_disposeIndex(index);
        malloc_trim(0);
    }

    private static ReadOnlySpan<byte> SliceFrom(ParsedFile file, int offset) =>
        offset <= file.Text.Length ? file.Text[offset..] : default;

    private Place Original(nint file, uint line, uint column, uint offset)
    {
        if (file == 0)
            return default;
        var parsed = File(file);
        var inserted = parsed.IsMain && offset >= text.InsertionOffset + text.Inserted.Length;
        return inserted
            ? new Place(parsed, (int)line - text.InsertedLines, (int)column, (int)offset - text.Inserted.Length)
            : new Place(parsed, (int)line, (int)column, (int)offset);
    }

    private ParsedFile File(nint handle)
    {
        if (files.TryGetValue(handle, out var known))
            return known;
        var path = TakeString(clang_getFileName(handle));
        var contents = (byte*)clang_getFileContents(unit, handle, out var size);
        var isMain = path == text.Path;
        var inDriver = isMain || names.IsDriver(path);
        return files[handle] = new ParsedFile(path, isMain ? text.Name : names.Display(path), inDriver, isMain, contents, (int)size);
    }

    [UnmanagedCallersOnly]
    private static void OnInclusion(nint file, CXSourceLocation* stack, uint depth, nint data) =>
        ((List<nint>)GCHandle.FromIntPtr(data).Target!).Add(file);
}
