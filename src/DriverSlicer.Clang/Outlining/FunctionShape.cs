// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Clang.Native;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Outlining;

internal enum VariableUse
{
    /// <summary>Named where no value is taken: sizeof, typeof.</summary>
    Mention,

    Read,
    Write,

    /// <summary>Set by <c>=</c>, whatever it was.</summary>
    Assign,

    /// <summary>Its address, or a use that is none of these.</summary>
    Address,
}

internal sealed record LocalVariable(string Name, int At, CXCursor Declaration, bool IsParameter, bool IsStatic, bool HasInitializer);

internal sealed record VariableReference(LocalVariable Variable, int At, VariableUse Use);

/// <summary>A construct that leaves the statements around it. At is its place, Needs where the construct begins that it belongs to (-1: none in sight).</summary>
internal sealed record Jump(string What, int At, int Needs);

/// <summary>A compound statement: its statements, and whether a loop is around it.</summary>
internal sealed record Block(Statement[] Statements, bool InLoop)
{
    public bool Starts(int at) => Statements.Any(s => s.Start == at);
}

/// <summary>Start to End, without the semicolon.</summary>
internal sealed record Statement(int Start, int End, bool IsDeclaration)
{
    public bool Has(int at) => at >= Start && at < End;
}

/// <summary>What outlining must know of one function, by offsets in the main file.</summary>
internal sealed class FunctionShape
{
    private readonly TranslationUnit unit;
    private readonly Dictionary<(int, string), LocalVariable> variables = [];

    private FunctionShape(TranslationUnit unit) => this.unit = unit;

    public List<Block> Blocks { get; } = [];

    public List<VariableReference> References { get; } = [];

    public List<Jump> Jumps { get; } = [];

    /// <summary>Where something begins of which a part may not run, or may run more than once.</summary>
    public List<int> Branches { get; } = [];

    /// <summary>Where the function's own name stands, perhaps in the text of a macro.</summary>
    public List<int> OwnNames { get; } = [];

    public IEnumerable<LocalVariable> Variables => variables.Values;

    public static FunctionShape Of(TranslationUnit unit, CXCursor function, CXCursor body)
    {
        var shape = new FunctionShape(unit);
        foreach (var parameter in function.Children().Where(c => c.Kind == CursorKind.ParmDecl))
            shape.Declare(parameter);
        shape.Visit(body, new Around(-1, -1, false), VariableUse.Address);
        return shape;
    }

    /// <param name="Break">Where the loop or switch begins that a break leaves.</param>
    /// <param name="Continue">Where the innermost loop begins.</param>
    private sealed record Around(int Break, int Continue, bool InLoop, int Switch = -1);

    private int At(CXCursor cursor) => unit.ExpansionPlace(clang_getRangeStart(clang_getCursorExtent(cursor))).Offset;

    // What libclang has no name for may be a branch (a ?: b, a choice of the compiler's).
    private static bool IsBranch(CXCursor cursor) => cursor.Kind switch
    {
        CursorKind.IfStmt or CursorKind.SwitchStmt or CursorKind.ForStmt or CursorKind.WhileStmt or CursorKind.DoStmt or CursorKind.ConditionalOperator => true,
        CursorKind.BinaryOperator => clang_getCursorBinaryOperatorKind(cursor) is BinaryKind.LAnd or BinaryKind.LOr,
        CursorKind.UnexposedExpr or CursorKind.UnexposedStmt => cursor.Children().Length > 1,
        _ => false,
    };

    private bool IsOwnName(CXCursor cursor) =>
        CText.IdentifierAt(unit.SpellingText(clang_getCursorLocation(cursor))) is "__func__" or "__FUNCTION__" or "__PRETTY_FUNCTION__";

    private int End(CXCursor cursor) => unit.ExpansionPlace(clang_getRangeEnd(clang_getCursorExtent(cursor))).Offset;

    private void Visit(CXCursor cursor, Around around, VariableUse use)
    {
        var children = cursor.Children();
        if (IsBranch(cursor))
            Branches.Add(At(cursor));
        switch (cursor.Kind)
        {
            case CursorKind.CompoundStmt:
                Blocks.Add(new Block([.. children.Select(c => new Statement(At(c), End(c), c.Kind == CursorKind.DeclStmt))], around.InLoop));
                break;
            case CursorKind.ForStmt or CursorKind.WhileStmt or CursorKind.DoStmt:
                around = around with { Break = At(cursor), Continue = At(cursor), InLoop = true };
                break;
            case CursorKind.SwitchStmt:
                around = around with { Break = At(cursor), Switch = At(cursor) };
                break;
            case CursorKind.BreakStmt:
                Jumps.Add(new Jump("break", At(cursor), around.Break));
                break;
            case CursorKind.ContinueStmt:
                Jumps.Add(new Jump("continue", At(cursor), around.Continue));
                break;
            case CursorKind.CaseStmt or CursorKind.DefaultStmt:
                Jumps.Add(new Jump("a case label", At(cursor), around.Switch));
                break;
            case CursorKind.ReturnStmt:
                Jumps.Add(new Jump("return", At(cursor), -1));
                break;
            case CursorKind.GotoStmt or CursorKind.IndirectGotoStmt or CursorKind.AddrLabelExpr:
                Jumps.Add(new Jump("goto", At(cursor), -1));
                break;
            case CursorKind.LabelStmt:
                Jumps.Add(new Jump("a label", At(cursor), -1));
                break;
            case CursorKind.VarDecl:
                Declare(cursor);
                break;
            case CursorKind.DeclRefExpr:
                Refer(cursor, use);
                break;
            case CursorKind.UnexposedExpr or CursorKind.StringLiteral when IsOwnName(cursor):
                OwnNames.Add(At(cursor));
                break;
        }

        for (var i = 0; i < children.Length; i++)
            Visit(children[i], around, UseOf(cursor, i, children.Length, use));
    }

    /// <summary>How child <paramref name="i"/> is used, should it be the name of a variable.</summary>
    private static VariableUse UseOf(CXCursor parent, int i, int count, VariableUse use) => parent.Kind switch
    {
        CursorKind.ParenExpr => use,
        // An implicit conversion, of the lvalue to its value first of all; arrays and records are never captured.
        CursorKind.UnexposedExpr => VariableUse.Read,
        CursorKind.VarDecl or CursorKind.UnaryExpr => VariableUse.Mention,
        CursorKind.BinaryOperator when i == 0 && count == 2 && clang_getCursorBinaryOperatorKind(parent) == BinaryKind.Assign => VariableUse.Assign,
        CursorKind.CompoundAssignOperator when i == 0 => VariableUse.Write,
        CursorKind.UnaryOperator when clang_getCursorUnaryOperatorKind(parent) is UnaryKind.PostInc or UnaryKind.PostDec or UnaryKind.PreInc or UnaryKind.PreDec
            => VariableUse.Write,
        _ => VariableUse.Address,
    };

    private LocalVariable Declare(CXCursor cursor)
    {
        var key = (unit.ExpansionPlace(clang_getCursorLocation(cursor)).Offset, cursor.Spelling());
        if (!variables.TryGetValue(key, out var known))
        {
            known = variables[key] = new LocalVariable(
                key.Item2, key.Offset, cursor, cursor.Kind == CursorKind.ParmDecl, clang_Cursor_getStorageClass(cursor) is StorageClass.Static or StorageClass.Extern,
                cursor.Kind == CursorKind.VarDecl && clang_Cursor_getVarDeclInitializer(cursor).Kind is not (0 or CursorKind.InvalidFile));
        }

        return known;
    }

    private void Refer(CXCursor cursor, VariableUse use)
    {
        var target = cursor.Referenced();
        if (target.Kind is CursorKind.VarDecl or CursorKind.ParmDecl
            && variables.TryGetValue((unit.ExpansionPlace(clang_getCursorLocation(target)).Offset, target.Spelling()), out var variable))
            References.Add(new VariableReference(variable, At(cursor), use));
    }
}
