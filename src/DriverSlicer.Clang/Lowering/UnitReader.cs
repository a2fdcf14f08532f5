// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Clang.Native;
using DriverSlicer.Model;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Lowering;

/// <summary>What one translation unit contributes to the model.</summary>
internal sealed record UnitModel(
    ImmutableArray<Function> Functions, ImmutableArray<Global> Globals, ImmutableArray<CRecord> Records, ImmutableArray<ParsedFile> Included)
{
    /// <summary>All that was included, absolute paths.</summary>
    public ImmutableArray<string> FilesRead { get; init; } = [];
}

/// <summary>
/// Lowers a parsed unit: first all that the driver's own files define, then whatever that reaches, header inlines with their
/// bodies. Unreached header functions, the bulk of a unit, are never looked into.
/// </summary>
internal sealed class UnitReader
{
    private readonly TranslationUnit unit;
    private readonly UnitContext context;
    private readonly string path;
    private readonly ImmutableDictionary<string, string> shims;
    private readonly List<Function> functions = [];
    private readonly List<Global> globals = [];

    private UnitReader(TranslationUnit unit, string path, ImmutableArray<MacroShim> shims)
    {
        (this.unit, this.path) = (unit, path);
        this.shims = shims.ToImmutableDictionary(s => s.Symbol, s => s.Name);
        context = new UnitContext(unit);
    }

    public static UnitModel Read(TranslationUnit unit, string path, ImmutableArray<MacroShim> shims)
    {
        var reader = new UnitReader(unit, path, shims);
        reader.QueueOwn();
        reader.Drain();
        var included = unit.Inclusions();
        return new UnitModel(
            [.. reader.functions], [.. reader.globals], [.. reader.context.Types.Records],
            [.. included.Where(f => f.InDriver)])
        {
            FilesRead = [.. included.Select(f => unit.Absolute(f.Path)).Where(f => f != unit.Path)],
        };
    }

    private void QueueOwn()
    {
        foreach (var declaration in unit.Root.Children())
        {
            if (declaration.Kind is not (CursorKind.FunctionDecl or CursorKind.VarDecl or CursorKind.StructDecl or CursorKind.UnionDecl)
                || clang_isCursorDefinition(declaration) == 0
                || unit.ExpansionPlace(clang_getCursorLocation(declaration)).File is not { InDriver: true })
                continue;
            if (declaration.Kind == CursorKind.FunctionDecl)
                context.Function(declaration);
            else if (declaration.Kind == CursorKind.VarDecl)
                context.Global(declaration);
            else if (declaration.Spelling().Length > 0)
                context.Types.Use(context.Types.RecordIdOf(declaration));
        }
    }

    private void Drain()
    {
        while (context.NewFunctions.Count > 0 || context.NewGlobals.Count > 0)
        {
            if (context.NewFunctions.TryDequeue(out var function))
                functions.Add(Describe(function.Id, function.Cursor));
            else if (context.NewGlobals.TryDequeue(out var global))
                globals.Add(Describe(global.Id, global.Cursor, global.Owner));
        }
    }

    private Function Describe(string id, CXCursor cursor)
    {
        var name = cursor.Spelling();
        var place = unit.ExpansionPlace(clang_getCursorLocation(cursor));
        var inDriver = place.File is { InDriver: true };
        var body = clang_isCursorDefinition(cursor) != 0
            ? cursor.Children().LastOrDefault(c => c.Kind == CursorKind.CompoundStmt)
            : default;
        var hasBody = body.Kind == CursorKind.CompoundStmt;
        // Text of its own: the body's braces stand in a driver file, outside any macro.
        var bodyStart = hasBody ? clang_getRangeStart(clang_getCursorExtent(body)) : default;
        var ownText = hasBody && inDriver && unit.MacroAt(bodyStart) == null;
        var definition = ownText ? Whole(cursor, body) : null;
        var type = cursor.Type();
        var shim = shims.GetValueOrDefault(name);
        var origin = shim != null ? FunctionOrigin.MacroShim
            : !hasBody ? FunctionOrigin.Extern
            : !inDriver ? FunctionOrigin.HeaderInline
            : ownText ? FunctionOrigin.Driver : FunctionOrigin.Macro;
        var macro = origin == FunctionOrigin.Macro ? unit.MacroAt(bodyStart) : null;
        return new Function(
            id, shim ?? name, origin, hasBody ? path : "", TranslationUnit.ToLocation(place), definition,
            ownText ? ExtentOf(body) : null, definition == null ? 0 : CodeLines(definition, place.File!),
            clang_Cursor_getStorageClass(cursor) == StorageClass.Static, clang_Cursor_isFunctionInlined(cursor) != 0,
            type.Kind == TypeKind.FunctionProto && clang_isFunctionTypeVariadic(type) != 0,
            context.Types.Used(clang_getCursorResultType(cursor)), Parameters(cursor), Attributes.Of(cursor), macro,
            hasBody ? BodyLowering.Lower(context, id, cursor, body) : []);
    }

    private ImmutableArray<Parameter> Parameters(CXCursor function)
    {
        var list = ImmutableArray.CreateBuilder<Parameter>();
        var count = clang_Cursor_getNumArguments(function);
        for (uint i = 0; i < count; i++)
        {
            var parameter = clang_Cursor_getArgument(function, i);
            list.Add(new Parameter(parameter.Spelling(), context.Types.Used(clang_getCursorType(parameter))));
        }

        return list.ToImmutable();
    }

    private Global Describe(string id, CXCursor cursor, string? owner)
    {
        var location = clang_getCursorLocation(cursor);
        var place = unit.ExpansionPlace(location);
        var type = cursor.Type();
        var storage = clang_Cursor_getStorageClass(cursor);
        var isExtern = clang_isCursorDefinition(cursor) == 0 && storage != StorageClass.Static;
        // An array is const when its elements are; the canonical type keeps that on the array.
        var isConst = clang_isConstQualifiedType(type) != 0;
        for (var inner = clang_getCursorType(cursor); !isConst && inner.IsArray(); isConst = clang_isConstQualifiedType(inner) != 0)
            inner = clang_getArrayElementType(inner);
        return new Global(
            id, cursor.Spelling(), isExtern ? "" : path, TranslationUnit.ToLocation(place), context.Types.Used(type),
            storage == StorageClass.Static, isExtern, isConst, owner, unit.MacroAt(location),
            GlobalInitializer.Pointers(context, cursor, type));
    }

    private Extent ExtentOf(CXCursor cursor)
    {
        var range = clang_getCursorExtent(cursor);
        var start = unit.ExpansionPlace(clang_getRangeStart(range));
        var end = unit.ExpansionPlace(clang_getRangeEnd(range));
        return new Extent(start.File!.Name, start.Offset, end.Offset);
    }

    private Extent Whole(CXCursor function, CXCursor body)
    {
        var extent = ExtentOf(body);
        var start = unit.ExpansionPlace(clang_getRangeStart(clang_getCursorExtent(function)));
        return extent with { Start = DefinitionStart.Of(Original(start.File!), start.Offset) };
    }

    private int CodeLines(Extent definition, ParsedFile file) =>
        CText.CodeLines(Original(file)[definition.Start..definition.End]);

    private ReadOnlySpan<byte> Original(ParsedFile file) => file.IsMain ? unit.OriginalText : file.Text;
}
