// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Clang.Native;
using DriverSlicer.Model;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Lowering;

/// <summary>The functions and variables whose addresses a static initialiser stores, with the field that receives each.</summary>
internal static class GlobalInitializer
{
    public static ImmutableArray<InitializerPointer> Pointers(UnitContext context, CXCursor variable, CXType type)
    {
        var initializer = clang_Cursor_getVarDeclInitializer(variable);
        if (initializer.IsNull)
            return [];
        var found = ImmutableArray.CreateBuilder<InitializerPointer>();
        foreach (var leaf in Initializers.Leaves(context, initializer, type))
            Collect(context, leaf, leaf.Value, found);
        return found.ToImmutable();
    }

    // A static initialiser is constant, so every variable named in it is there for its address (or inside sizeof).
    private static void Collect(
        UnitContext context, InitializerLeaf leaf, CXCursor expression, ImmutableArray<InitializerPointer>.Builder found)
    {
        switch (expression.Kind)
        {
            case CursorKind.UnaryExpr:
                return;
            case CursorKind.DeclRefExpr:
                var target = expression.Referenced();
                var location = context.Unit.Locate(clang_getCursorLocation(expression));
                if (target.Kind == CursorKind.FunctionDecl)
                    found.Add(new InitializerPointer(leaf.Record, leaf.Field, context.Function(target), true, location));
                else if (target.Kind == CursorKind.VarDecl)
                    found.Add(new InitializerPointer(leaf.Record, leaf.Field, context.Global(target), false, location));
                return;
            case CursorKind.CompoundLiteralExpr:
                // An unnamed object: what it points to is reached through the field that points to it.
                foreach (var inner in Initializers.Leaves(context, expression, expression.Type()))
                    Collect(context, inner, inner.Value, found);
                return;
            case CursorKind.ConditionalOperator:
                var parts = expression.Children().Where(c => c.IsExpression()).ToArray();
                var known = parts[0].Evaluate();
                if (known != 0)
                    Collect(context, leaf, parts[1], found);
                if (known is null or 0)
                    Collect(context, leaf, parts[2], found);
                return;
            default:
                foreach (var child in expression.Children())
                {
                    if (child.IsExpression())
                        Collect(context, leaf, child, found);
                }

                return;
        }
    }
}
