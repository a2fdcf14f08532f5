// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Clang.Native;
using DriverSlicer.Model;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Lowering;

/// <summary>What the bodies of one unit share: ids, and the functions and variables met but not yet described.</summary>
internal sealed class UnitContext(TranslationUnit unit)
{
    private readonly Dictionary<nint, string> functionIds = [];
    private readonly Dictionary<nint, string> globalIds = [];

    public TranslationUnit Unit => unit;

    public TypeTable Types { get; } = new(unit);

    public Queue<(string Id, CXCursor Cursor)> NewFunctions { get; } = new();

    public Queue<(string Id, CXCursor Cursor, string? Owner)> NewGlobals { get; } = new();

    /// <summary>Id of the function; the first mention queues it for lowering.</summary>
    public string Function(CXCursor declaration)
    {
        var canonical = clang_getCanonicalCursor(declaration).Data0;
        if (functionIds.TryGetValue(canonical, out var known))
            return known;
        var definition = clang_getCursorDefinition(declaration);
        var best = definition.IsNull ? declaration : definition;
        var id = best.Usr();
        functionIds[canonical] = id;
        NewFunctions.Enqueue((id, best));
        return id;
    }

    public string Global(CXCursor declaration, string? owner = null)
    {
        var canonical = clang_getCanonicalCursor(declaration).Data0;
        if (globalIds.TryGetValue(canonical, out var known))
            return known;
        var definition = clang_getCursorDefinition(declaration);
        var best = definition.IsNull ? declaration : definition;
        // Two statics of one name in sibling blocks share a USR; the position tells them apart.
        var id = best.Usr();
        if (owner != null)
        {
            var place = unit.ExpansionPlace(clang_getCursorLocation(best));
            id = $"{id}@{place.Line}:{place.Column}:{globalIds.Count(pair => pair.Value.StartsWith($"{id}@{place.Line}:{place.Column}:", StringComparison.Ordinal))}";
        }

        globalIds[canonical] = id;
        NewGlobals.Enqueue((id, best, owner));
        return id;
    }

    public static bool HasStaticStorage(CXCursor variable) =>
        clang_getCursorSemanticParent(variable).Kind != CursorKind.FunctionDecl
        || clang_Cursor_getStorageClass(variable) is StorageClass.Static or StorageClass.Extern;
}
