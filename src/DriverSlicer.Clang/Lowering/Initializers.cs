// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Clang.Native;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Lowering;

/// <summary>One scalar (or whole-record expression) of an initialiser and the innermost field that receives it.</summary>
/// <param name="Record">Empty, as is <paramref name="Field"/>, when the variable itself (or an element of it) receives it.</param>
internal readonly record struct InitializerLeaf(string Record, string Field, CXType Type, CXCursor Value);

/// <summary>
/// Walks initialiser lists as they are written: designators, positions, nested and elided braces. For
/// <c>struct s t[] = { [1] = { .ops.open = f } }</c> the leaf is (type of ops, open, f).
/// </summary>
internal static class Initializers
{
    public static IEnumerable<InitializerLeaf> Leaves(UnitContext context, CXCursor initializer, CXType type, string record = "", string field = "")
    {
        var value = Strip(initializer);
        if (value.Kind == CursorKind.InitListExpr && type.Kind is TypeKind.Record || value.Kind == CursorKind.InitListExpr && type.IsArray())
        {
            var items = value.Children().Where(c => c.IsExpression()).ToArray();
            var position = 0;
            return [.. Fill(context, items, ref position, type, record, field, braced: true)];
        }

        if (value.Kind == CursorKind.InitListExpr)
        {
            var inner = value.Children().Where(c => c.IsExpression()).ToArray();
            return inner.Length == 1 ? Leaves(context, inner[0], type, record, field) : [];
        }

        if (value.Kind == CursorKind.CompoundLiteralExpr && (type.Kind == TypeKind.Record || type.IsArray()))
        {
            var list = value.Children().LastOrDefault(c => c.Kind == CursorKind.InitListExpr);
            return list.Kind == CursorKind.InitListExpr ? Leaves(context, list, type, record, field) : [];
        }

        return [new InitializerLeaf(record, field, type, initializer)];
    }

    private static List<InitializerLeaf> Fill(
        UnitContext context, CXCursor[] items, ref int position, CXType type, string record, string field, bool braced)
    {
        var leaves = new List<InitializerLeaf>();
        if (type.IsArray())
        {
            var element = type.ArrayElement();
            var room = clang_getArraySize(type);
            for (long i = 0; position < items.Length && (braced || room < 0 || i < room); i++)
            {
                if (!braced && IsDesignated(context, items[position]))
                    break;
                One(context, items, ref position, element, record, field, leaves);
            }

            return leaves;
        }

        var declaration = clang_getTypeDeclaration(type);
        var members = context.Types.FieldsOf(declaration);
        var id = context.Types.RecordIdOf(declaration);
        context.Types.Use(id);
        var isUnion = declaration.Kind == CursorKind.UnionDecl;
        for (var next = 0; position < items.Length && (braced || next < members.Length);)
        {
            var item = items[position];
            if (IsDesignated(context, item))
            {
                if (!braced)
                    break;
                var first = item.Children().FirstOrDefault(c => c.Kind == CursorKind.MemberRef);
                if (first.Kind == CursorKind.MemberRef)
                    next = Array.FindIndex(members, m => m.Data0 == first.Referenced().Data0) is var at and >= 0 ? at + 1 : next;
                One(context, items, ref position, type, record, field, leaves);
                continue;
            }

            if (next >= members.Length)
            {
                position++;
                continue;
            }

            var member = members[next++];
            One(context, items, ref position, member.Type(), id, TypeTable.FieldName(member), leaves);
            if (isUnion && !braced)
                break;
        }

        return leaves;
    }

    /// <summary>The next item, which initialises an object of the type, or begins to when its braces are left out.</summary>
    private static void One(
        UnitContext context, CXCursor[] items, ref int position, CXType type, string record, string field, List<InitializerLeaf> leaves)
    {
        var item = items[position];
        if (IsDesignated(context, item))
        {
            position++;
            var parts = item.Children();
            var last = parts.LastOrDefault(c => c.Kind == CursorKind.MemberRef);
            var value = parts[^1];
            if (last.Kind != CursorKind.MemberRef)
            {
                // [n] = value: an element of the array that is being filled.
                leaves.AddRange(Leaves(context, value, type, record, field));
                return;
            }

            var member = last.Referenced();
            var owner = context.Types.RecordIdOf(clang_getCursorSemanticParent(member));
            context.Types.Use(owner);
            var memberType = member.Type();
            if (parts.Length > 1 && parts[^2].IsExpression() && memberType.IsArray())
                memberType = memberType.ArrayElement();
            leaves.AddRange(Leaves(context, value, memberType, owner, TypeTable.FieldName(member)));
            return;
        }

        var stripped = Strip(item);
        var aggregate = type.Kind == TypeKind.Record || type.IsArray();
        if (aggregate && stripped.Kind is not (CursorKind.InitListExpr or CursorKind.StringLiteral or CursorKind.CompoundLiteralExpr)
            && stripped.Type().Kind != TypeKind.Record)
        {
            var before = position;
            leaves.AddRange(Fill(context, items, ref position, type, record, field, braced: false));
            if (position == before)
                position++;
            return;
        }

        position++;
        leaves.AddRange(Leaves(context, item, type, record, field));
    }

    private static bool IsDesignated(UnitContext context, CXCursor item)
    {
        if (item.Kind != CursorKind.UnexposedExpr)
            return false;
        var first = item.Children().FirstOrDefault();
        if (first.Kind == CursorKind.MemberRef)
            return true;
        var text = context.Unit.SpellingText(clang_getRangeStart(clang_getCursorExtent(item)));
        return text.Length > 0 && text[0] == '[';
    }

    private static CXCursor Strip(CXCursor cursor)
    {
        while (cursor.Kind is CursorKind.UnexposedExpr or CursorKind.ParenExpr)
        {
            var children = cursor.Children().Where(c => c.IsExpression() || c.Kind == CursorKind.MemberRef).ToArray();
            if (children.Length != 1)
                break;
            cursor = children[0];
        }

        return cursor;
    }
}
