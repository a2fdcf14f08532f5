// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Clang.Native;
using DriverSlicer.Model;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Lowering;

/// <summary>
/// Types and records of one unit, each translated once. A record gets its fields only when something reaches it by value or
/// through an access (<see cref="Use"/>); a mere pointee stays an entry with a size.
/// </summary>
internal sealed class TypeTable(TranslationUnit unit)
{
    private readonly Dictionary<(TypeKind, nint), CType> types = [];
    private readonly Dictionary<nint, string> ids = [];
    private readonly Dictionary<nint, int> anonymousNumbers = [];
    private readonly Dictionary<string, CXCursor> seen = [];
    private readonly Dictionary<string, CRecord> complete = [];
    private readonly Dictionary<nint, CXCursor[]> fields = [];

    /// <summary>Every record met, those in use with their fields.</summary>
    public IEnumerable<CRecord> Records => seen.Select(pair => complete.GetValueOrDefault(pair.Key) ?? Entry(pair.Key, pair.Value));

    /// <summary>The type of something that is stored or passed by value: its record, if it is one, gets fields.</summary>
    public CType Used(CXType type)
    {
        var result = Of(type);
        var inner = result;
        while (inner is { Kind: CKind.Array or CKind.Pointer, Element: { } element })
            inner = element;
        if (inner.Record != null)
            Use(inner.Record);
        return result;
    }

    public CType Of(CXType type)
    {
        type = clang_getCanonicalType(type);
        // Canonical types are unique, and Clang keeps the qualifiers in the pointer's low bits.
        var key = (type.Kind, type.Data0);
        if (types.TryGetValue(key, out var known))
            return known;
        return types[key] = Translate(type);
    }

    /// <summary>Id of the record type, or null for other types.</summary>
    public string? RecordId(CXType type) =>
        type.Kind == TypeKind.Record ? RecordIdOf(clang_getTypeDeclaration(type)) : null;

    public string RecordIdOf(CXCursor declaration)
    {
        var canonical = clang_getCanonicalCursor(declaration);
        if (ids.TryGetValue(canonical.Data0, out var known))
            return known;
        var definition = clang_getCursorDefinition(canonical);
        var best = definition.IsNull ? canonical : definition;
        var id = best.Usr();
        if (clang_Cursor_isAnonymous(best) != 0 || best.Spelling().Contains("(unnamed", StringComparison.Ordinal))
            id = AnonymousId(best, canonical.Data0, id);
        ids[canonical.Data0] = id;
        seen[id] = best;
        return id;
    }

    /// <summary>Fills in the record's layout, and that of all records it holds by value.</summary>
    public void Use(string id)
    {
        if (complete.ContainsKey(id) || !seen.TryGetValue(id, out var declaration) || clang_isCursorDefinition(declaration) == 0)
            return;
        complete[id] = Entry(id, declaration);
        var list = ImmutableArray.CreateBuilder<CField>();
        foreach (var field in FieldsOf(declaration))
        {
            var type = field.Type();
            var isBits = clang_Cursor_isBitField(field) != 0;
            var size = isBits ? clang_getFieldDeclBitWidth(field) : Math.Max(0, clang_Type_getSizeOf(type)) * 8;
            list.Add(new CField(FieldName(field), clang_Cursor_getOffsetOfField(field), size, Of(type), isBits));
            while (type.IsArray())
                type = type.ArrayElement();
            if (RecordId(type) is { } member)
                Use(member);
        }

        complete[id] = complete[id] with { Fields = list.ToImmutable() };
    }

    /// <summary>Fields in order; the unnamed ones of anonymous members are there as well.</summary>
    public CXCursor[] FieldsOf(CXCursor record)
    {
        var definition = clang_getCursorDefinition(record);
        if (definition.IsNull)
            return [];
        if (!fields.TryGetValue(definition.Data0, out var list))
            list = fields[definition.Data0] = definition.Type().Fields();
        return list;
    }

    public static string FieldName(CXCursor field)
    {
        var name = field.Spelling();
        // Newer libclangs make up a name with the position for anonymous members.
        return name.Contains('(', StringComparison.Ordinal) ? "" : name;
    }

    private CType Translate(CXType type)
    {
        var size = (int)Math.Min(int.MaxValue, Math.Max(0, clang_Type_getSizeOf(type)));
        var spelling = Named(TakeString(clang_getTypeSpelling(type)));
        var isConst = clang_isConstQualifiedType(type) != 0;
        CType Plain(CKind kind, bool signed = false) => new(kind, size, spelling, isConst, signed);
        switch (type.Kind)
        {
            case TypeKind.Void:
                return new CType(CKind.Void, 0, spelling, isConst);
            case TypeKind.Bool:
                return Plain(CKind.Bool);
            case TypeKind.CharU or TypeKind.UChar:
                return Plain(CKind.Char);
            case TypeKind.CharS or TypeKind.SChar:
                return Plain(CKind.Char, true);
            case >= TypeKind.UShort and <= TypeKind.UInt128:
                return Plain(CKind.Int);
            case >= TypeKind.Short and <= TypeKind.Int128:
                return Plain(CKind.Int, true);
            case >= TypeKind.Float and <= TypeKind.LongDouble:
                return Plain(CKind.Float, true);
            case TypeKind.Enum:
                var integer = clang_getEnumDeclIntegerType(clang_getTypeDeclaration(type));
                return Plain(CKind.Enum, Of(integer).IsSigned);
            case TypeKind.Pointer:
                return Plain(CKind.Pointer) with { Element = Of(type.Pointee()) };
            case TypeKind.Record:
                return Plain(CKind.Record) with { Record = RecordId(type) };
            case TypeKind.ConstantArray:
                return Plain(CKind.Array) with { Element = Of(type.ArrayElement()), Count = clang_getArraySize(type) };
            case TypeKind.IncompleteArray or TypeKind.VariableArray:
                return Plain(CKind.Array) with { Element = Of(type.ArrayElement()), Count = -1 };
            case TypeKind.FunctionProto or TypeKind.FunctionNoProto:
                return new CType(CKind.Function, 0, spelling, Element: Of(clang_getResultType(type)));
            default:
                return Plain(CKind.Unsupported);
        }
    }

    // Anonymous records share a USR with their siblings (two unions of one struct): number them within their parent.
    private string AnonymousId(CXCursor declaration, nint canonical, string usr)
    {
        var parent = clang_getCursorSemanticParent(declaration);
        if (parent.Kind is not (CursorKind.StructDecl or CursorKind.UnionDecl))
        {
            var place = unit.ExpansionPlace(clang_getCursorLocation(declaration));
            return $"{usr}@{place.File?.Name}:{place.Line}:{place.Column}";
        }

        if (!anonymousNumbers.ContainsKey(canonical))
        {
            var number = 0;
            foreach (var child in parent.Children())
            {
                if (child.Kind is CursorKind.StructDecl or CursorKind.UnionDecl)
                    anonymousNumbers[clang_getCanonicalCursor(child).Data0] = number++;
            }
        }

        return $"{RecordIdOf(parent)}/{anonymousNumbers.GetValueOrDefault(canonical)}";
    }

    private CRecord Entry(string id, CXCursor declaration)
    {
        var type = clang_getCursorType(declaration);
        var size = clang_Type_getSizeOf(type);
        var place = unit.ExpansionPlace(clang_getCursorLocation(declaration));
        return new CRecord(
            id, Named(TakeString(clang_getTypeSpelling(clang_getUnqualifiedType(clang_getCanonicalType(type))))), (int)Math.Max(0, size),
            declaration.Kind == CursorKind.UnionDecl, clang_isCursorDefinition(declaration) != 0, place.File?.InDriver ?? false,
            [], TranslationUnit.ToLocation(place));
    }

    // "struct (unnamed at ...)" is no C source; later stages must not print it.
    private static string Named(string spelling) =>
        spelling.Contains("(unnamed", StringComparison.Ordinal) || spelling.Contains("(anonymous", StringComparison.Ordinal) ? "" : spelling;
}
