// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Clang.Native;
using DriverSlicer.Model;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Lowering;

internal sealed partial class BodyLowering
{
    private void Statement(CXCursor cursor)
    {
        switch (cursor.Kind)
        {
            case CursorKind.IfStmt:
                If(cursor);
                break;
            case CursorKind.SwitchStmt:
                Switch(cursor);
                break;
            case CursorKind.ReturnStmt:
                Return(cursor);
                break;
            case CursorKind.DeclStmt:
                foreach (var declaration in cursor.Children())
                    Declaration(declaration);
                break;
            case CursorKind.AsmStmt:
                Assembly(cursor);
                break;
            case CursorKind.IndirectGotoStmt:
                NotLowered(cursor, "computed goto");
                break;
            case CursorKind.NullStmt or CursorKind.GotoStmt or CursorKind.BreakStmt or CursorKind.ContinueStmt:
                break;
            case CursorKind.CompoundStmt or CursorKind.CaseStmt or CursorKind.DefaultStmt or CursorKind.WhileStmt or CursorKind.DoStmt
                or CursorKind.ForStmt or CursorKind.LabelStmt or CursorKind.UnexposedStmt:
                foreach (var child in cursor.Children())
                    Part(child);
                break;
            default:
                NotLowered(cursor, $"statement kind {(int)cursor.Kind}");
                break;
        }
    }

    private void Part(CXCursor child)
    {
        if (child.IsStatement())
            Statement(child);
        else if (child.IsExpression())
            Discard(child);
        else if (child.Kind is not (CursorKind.LabelRef or CursorKind.TypeRef) && (int)child.Kind is < 400 or > 499)
            Declaration(child);
    }

    private void Declaration(CXCursor cursor)
    {
        if (cursor.Kind != CursorKind.VarDecl)
        {
            // Types, enums, labels, static assertions and local prototypes do nothing at run time.
            return;
        }

        if (UnitContext.HasStaticStorage(cursor))
        {
            context.Global(cursor, clang_Cursor_getStorageClass(cursor) == StorageClass.Static ? function : null);
            return;
        }

        // The call has no cursor of its own, nor has the place where it happens.
        if (Attributes.CleanupOf(cursor) is { } cleanup)
            NotLowered(cursor, $"a call of {cleanup} where a scope ends");
        var type = cursor.Type();
        types.Used(type);
        var node = new Node(NodeKind.Local, function, "", LocalIndex(cursor));
        var initializer = clang_Cursor_getVarDeclInitializer(cursor);
        if (!initializer.IsNull)
            Initialize(cursor, initializer, type, node, cursor.Data0);
    }

    private int LocalIndex(CXCursor declaration)
    {
        if (!locals.TryGetValue(declaration.Data0, out var index))
            index = locals[declaration.Data0] = nextLocal++;
        return index;
    }

    private void Initialize(CXCursor at, CXCursor initializer, CXType type, Node node, nint declaration)
    {
        foreach (var leaf in Initializers.Leaves(context, initializer, type))
        {
            var value = Evaluate(leaf.Value);
            var to = leaf.Field.Length == 0 && leaf.Record.Length == 0 ? node : new Node(NodeKind.Field, leaf.Record, leaf.Field);
            if (leaf.Type.IsPointer())
            {
                Move(at, value, to, types.Of(leaf.Type));
            }
            else if (value.Node != null && leaf.Type.IsInteger())
            {
                Move(at, value, to, types.Of(leaf.Type));
                if (to == node)
                    carriers.Add(declaration);
            }
        }
    }

    private void Return(CXCursor cursor)
    {
        foreach (var child in cursor.Children())
        {
            if (!child.IsExpression())
                continue;
            var value = Evaluate(child);
            if (resultType.IsPointer || value.Node != null)
                Move(cursor, value, new Node(NodeKind.Return, function), resultType);
        }
    }

    // Branches that the compiler's own constant folding removes (IS_ENABLED, no_printk) are not part of the program.
    private void If(CXCursor cursor)
    {
        var children = cursor.Children();
        var known = children[0].Evaluate();
        Discard(children[0]);
        for (var i = 1; i < children.Length; i++)
        {
            var dead = known != null && (i == 1) == (known == 0);
            if (!dead || HasEntry(children[i]))
                Part(children[i]);
        }
    }

    // switch (sizeof(x)), the kernel's way to overload: only the case that is taken exists at run time.
    private void Switch(CXCursor cursor)
    {
        var children = cursor.Children();
        var body = children[^1];
        var known = children[0].Evaluate();
        Discard(children[0]);
        if (known == null || body.Kind != CursorKind.CompoundStmt || HasLabel(body))
        {
            Part(body);
            return;
        }

        var statements = body.Children();
        var start = Array.FindIndex(statements, s => Takes(s, known.Value));
        if (start < 0)
            start = Array.FindIndex(statements, s => s.Kind == CursorKind.DefaultStmt);
        for (var i = start; i >= 0 && i < statements.Length && statements[i].Kind != CursorKind.BreakStmt; i++)
            Part(statements[i]);
    }

    private static bool Takes(CXCursor statement, long value)
    {
        while (statement.Kind is CursorKind.CaseStmt or CursorKind.DefaultStmt)
        {
            var parts = statement.Children();
            if (statement.Kind == CursorKind.CaseStmt && parts[0].Evaluate() is { } first
                && value >= first && value <= (parts.Length > 2 ? parts[1].Evaluate() ?? first : first))
                return true;
            statement = parts[^1];
        }

        return false;
    }

    private static bool HasLabel(CXCursor cursor) => cursor.Kind == CursorKind.LabelStmt || cursor.Children().Any(HasLabel);

    /// <summary>A label or case inside can be jumped to, so that the statement is reachable whatever its condition.</summary>
    private static bool HasEntry(CXCursor cursor) =>
        cursor.Kind is CursorKind.LabelStmt or CursorKind.CaseStmt or CursorKind.DefaultStmt || cursor.Children().Any(HasEntry);

    private void Discard(CXCursor expression)
    {
        var inner = expression;
        while (inner.Kind is CursorKind.ParenExpr or CursorKind.UnexposedExpr or CursorKind.CStyleCastExpr)
        {
            var child = inner.Children().Where(c => c.IsExpression()).ToArray();
            if (child.Length != 1 || (inner.Kind == CursorKind.CStyleCastExpr && inner.Type().Kind != TypeKind.Void))
                break;
            inner = child[0];
        }

        if (inner.Kind == CursorKind.CallExpr)
            Call(inner, unused: true);
        else if (inner.Kind == CursorKind.StmtExpr)
            StatementExpression(inner, unused: true);
        else
            Evaluate(expression);
    }
}
