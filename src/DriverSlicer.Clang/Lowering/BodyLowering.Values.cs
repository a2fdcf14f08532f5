// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Clang.Native;
using DriverSlicer.Model;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Lowering;

internal sealed partial class BodyLowering
{
    private Value Evaluate(CXCursor e)
    {
        switch (e.Kind)
        {
            case CursorKind.IntegerLiteral or CursorKind.FloatingLiteral or CursorKind.CharacterLiteral or CursorKind.UnaryExpr:
                // sizeof and _Alignof do not evaluate their operand.
                return Value.Number;
            case CursorKind.StringLiteral:
                return new Value(new Node(NodeKind.Literal), PointerTo(types.Of(e.Type().ArrayElement())));
            case CursorKind.AddrLabelExpr:
                // Harmless as a number (_THIS_IP_); a jump through it is refused where it stands.
                return new Value(new Node(NodeKind.Constant, "", "int"), types.Of(e.Type()));
            case CursorKind.ParenExpr:
                return Only(e);
            case CursorKind.UnexposedExpr:
                return Unexposed(e);
            case CursorKind.DeclRefExpr:
                return Reference(e);
            case CursorKind.MemberRefExpr or CursorKind.ArraySubscriptExpr:
                return Load(e, TargetOf(e));
            case CursorKind.CompoundLiteralExpr:
                return Load(e, TargetOf(e));
            case CursorKind.UnaryOperator:
                return Unary(e);
            case CursorKind.BinaryOperator:
                return Binary(e);
            case CursorKind.CompoundAssignOperator:
                return CompoundAssign(e);
            case CursorKind.ConditionalOperator:
                return Conditional(e);
            case CursorKind.CStyleCastExpr:
                var operand = e.Children().Last(c => c.IsExpression());
                return Convert(e, operand, Evaluate(operand), e.Type());
            case CursorKind.CallExpr:
                return Call(e, unused: false);
            case CursorKind.StmtExpr:
                return StatementExpression(e, unused: false);
            case CursorKind.GenericSelectionExpr:
                return Generic(e);
            case CursorKind.InitListExpr:
                foreach (var leaf in Initializers.Leaves(context, e, e.Type()))
                    Evaluate(leaf.Value);
                return Value.Number;
            default:
                NotLowered(e, $"expression kind {(int)e.Kind}");
                return Value.Number;
        }
    }

    private Value Only(CXCursor e)
    {
        foreach (var child in e.Children())
        {
            if (child.IsExpression())
                return Evaluate(child);
        }

        return Value.Number;
    }

    // libclang hides implicit casts and the rarer GNU expressions behind one kind; the first written token tells them apart.
    private Value Unexposed(CXCursor e)
    {
        var children = e.Children().Where(c => c.IsExpression()).ToArray();
        if (children.Length == 0)
            return Value.Number;
        switch (CText.IdentifierAt(context.Unit.SpellingText(clang_getRangeStart(clang_getCursorExtent(e)))))
        {
            case "__builtin_offsetof" when !SameStart(e, children[0]):
                return Value.Number;
            case "__builtin_va_arg" when !SameStart(e, children[0]):
                NotLowered(e, "va_arg");
                return Value.Number;
            case "__builtin_choose_expr" when children.Length == 3:
                return Evaluate(children[children[0].Evaluate() is 0 ? 2 : 1]);
        }

        if (children.Length == 1)
            return Convert(e, children[0], Evaluate(children[0]), e.Type());
        if (children.Length == 4)
        {
            // a ?: b has the children a, its test, its reuse, b.
            var first = Evaluate(children[0]);
            return Merge(e, first, Evaluate(children[3]));
        }

        NotLowered(e, $"expression '{CText.IdentifierAt(context.Unit.SpellingText(clang_getRangeStart(clang_getCursorExtent(e))))}'");
        return Value.Number;
    }

    private bool SameStart(CXCursor a, CXCursor b) =>
        context.Unit.SpellingText(clang_getRangeStart(clang_getCursorExtent(a))).Length
        == context.Unit.SpellingText(clang_getRangeStart(clang_getCursorExtent(b))).Length;

    private Value Reference(CXCursor e)
    {
        var declaration = e.Referenced();
        switch (declaration.Kind)
        {
            case CursorKind.FunctionDecl:
                return new Value(new Node(NodeKind.FunctionAddress, context.Function(declaration)), PointerTo(types.Of(declaration.Type())));
            case CursorKind.VarDecl or CursorKind.ParmDecl:
                return Load(e, TargetOf(e));
            case CursorKind.EnumConstantDecl:
                return Value.Number;
            default:
                NotLowered(e, $"reference to declaration kind {(int)declaration.Kind}");
                return Value.Number;
        }
    }

    /// <summary>Reads an object; arrays and functions turn into their address instead.</summary>
    private Value Load(CXCursor e, Target target)
    {
        if (target.Type.IsArray())
            return AddressOf(target);
        if (target.Type.IsFunction())
            return new Value(target.AddressNode, target.AddressFrom, target.AddressOffset);
        Touch(e, target, AccessMode.Read);
        return Content(e, target);
    }

    private Value Content(CXCursor e, Target target)
    {
        if (target.Type.IsPointer())
            return new Value(target.Content, types.Of(target.Type));
        // An integer variable that holds an address (uintptr_t style) is followed as one.
        var declaration = e.Kind == CursorKind.DeclRefExpr ? e.Referenced() : default;
        return declaration.Kind == CursorKind.VarDecl && carriers.Contains(declaration.Data0)
            ? new Value(target.Content, types.Of(target.Type))
            : Value.Number;
    }

    private static Value AddressOf(Target target)
    {
        // &p[0] and &*p are p itself: nothing inside an object has its address taken.
        var whole = target is { Storage: Storage.Pointed, Path.Length: 0 };
        return new Value(target.AddressNode, target.AddressFrom, target.AddressOffset, whole && !target.Type.IsArray() ? null : target);
    }

    private Value Unary(CXCursor e)
    {
        var operand = e.Children().Last(c => c.IsExpression());
        var kind = clang_getCursorUnaryOperatorKind(e);
        switch (kind)
        {
            case UnaryKind.AddrOf:
                var inner = StripParens(operand);
                if (inner.Kind == CursorKind.DeclRefExpr && inner.Referenced().Kind == CursorKind.FunctionDecl)
                    return Evaluate(inner);
                return AddressOf(TargetOf(operand));
            case UnaryKind.Deref:
                return Load(e, TargetOf(e));
            case UnaryKind.PostInc or UnaryKind.PostDec or UnaryKind.PreInc or UnaryKind.PreDec:
                var target = TargetOf(operand);
                Touch(e, target, AccessMode.Read | AccessMode.Write);
                return Step(e, StripParens(operand), target);
            case UnaryKind.Extension:
                return Evaluate(operand);
            default:
                Evaluate(operand);
                return Value.Number;
        }
    }

    /// <summary>A pointer that moves by an amount we do not follow: it still points into what it pointed into.</summary>
    private Value Step(CXCursor e, CXCursor operand, Target target)
    {
        var content = Content(operand, target);
        if (content.Node == null)
            return content;
        var type = types.Of(target.Type);
        Move(e, content with { Offset = null }, target.Content, type);
        return content with { Offset = null };
    }

    private Value Binary(CXCursor e)
    {
        var operands = e.Children().Where(c => c.IsExpression()).ToArray();
        if (operands.Length != 2)
        {
            NotLowered(e, "binary expression");
            return Value.Number;
        }

        var (left, right) = (operands[0], operands[1]);
        var kind = clang_getCursorBinaryOperatorKind(e);
        switch (kind)
        {
            case BinaryKind.Assign:
                return Assign(e, left, right);
            case BinaryKind.Comma:
                Discard(left);
                return Evaluate(right);
            case BinaryKind.LAnd or BinaryKind.LOr:
                var known = left.Evaluate();
                Evaluate(left);
                if (known == null || (known != 0) == (kind == BinaryKind.LAnd))
                    Evaluate(right);
                return Value.Number;
        }

        var a = Evaluate(left);
        var b = Evaluate(right);
        if (kind is BinaryKind.Add or BinaryKind.Sub)
        {
            if (e.Type().IsPointer())
                return left.Type().IsPointer() ? Moved(a, right, left.Type(), kind) : Moved(b, left, right.Type(), kind);
            if (left.Type().IsPointer())
                return Value.Number;
            if (a.Node != null)
                return Moved(a, right, left.Type(), kind);
            return b.Node != null && kind == BinaryKind.Add ? Moved(b, left, right.Type(), kind) : Value.Number;
        }

        // Masks of an address (page alignment, tag bits) still point into the same object.
        if (kind is BinaryKind.And or BinaryKind.Or && e.Type().IsInteger())
            return a.Node != null ? a with { Offset = null } : b.Node != null ? b with { Offset = null } : Value.Number;
        // Comparing addresses lets none of them out, but both halves must agree on those of variables and functions; any other arithmetic
        // does, into a number.
        var compares = kind is >= BinaryKind.Cmp and <= BinaryKind.NE;
        if (!compares || IsSymbol(a))
            Number(e, left, a);
        if (!compares || IsSymbol(b))
            Number(e, right, b);
        return Value.Number;
    }

    private static bool IsSymbol(Value value) => value.Node is { Kind: NodeKind.GlobalAddress or NodeKind.FunctionAddress };

    private void Number(CXCursor e, CXCursor operand, Value value)
    {
        if (value.Node is { Kind: not NodeKind.Constant })
            Move(e, value, NewTemp(), types.Of(operand.Type()));
    }

    private static Value Moved(Value pointer, CXCursor amount, CXType type, BinaryKind kind)
    {
        if (pointer.Node == null)
            return pointer;
        var stride = type.IsPointer() ? type.Pointee().Stride() : 1;
        var count = amount.Evaluate();
        return pointer with { Offset = pointer.Offset + (kind == BinaryKind.Sub ? -count : count) * stride };
    }

    private Value Assign(CXCursor e, CXCursor left, CXCursor right)
    {
        var type = left.Type();
        var literal = type.Kind == TypeKind.Record ? StripParens(right) : default;
        if (literal.Kind == CursorKind.UnexposedExpr)
            literal = StripParens(literal.Children().LastOrDefault(c => c.IsExpression()));
        if (literal.Kind == CursorKind.CompoundLiteralExpr)
        {
            var whole = TargetOf(left);
            Initialize(e, literal, type, whole.Content, 0);
            Touch(e, whole, AccessMode.Write);
            return Value.Number;
        }

        var value = Evaluate(right);
        var target = TargetOf(left);
        Touch(e, target, AccessMode.Write);
        if (type.IsPointer())
        {
            Move(e, value, target.Content, types.Of(type));
            return new Value(target.Content, types.Of(type));
        }

        if (value.Node == null || !type.IsInteger())
            return Value.Number;
        Move(e, value, target.Content, types.Of(type));
        var variable = StripParens(left);
        if (variable.Kind == CursorKind.DeclRefExpr)
            carriers.Add(variable.Referenced().Data0);
        return new Value(target.Content, types.Of(type));
    }

    private Value CompoundAssign(CXCursor e)
    {
        var operands = e.Children().Where(c => c.IsExpression()).ToArray();
        Evaluate(operands[1]);
        var target = TargetOf(operands[0]);
        Touch(e, target, AccessMode.Read | AccessMode.Write);
        return Step(e, StripParens(operands[0]), target);
    }

    private Value Conditional(CXCursor e)
    {
        var children = e.Children().Where(c => c.IsExpression()).ToArray();
        if (children.Length != 3)
        {
            NotLowered(e, "conditional expression");
            return Value.Number;
        }

        var known = children[0].Evaluate();
        Evaluate(children[0]);
        if (known != null && !HasEntry(children[known == 0 ? 1 : 2]))
            return Evaluate(children[known == 0 ? 2 : 1]);
        var yes = Evaluate(children[1]);
        return Merge(e, yes, Evaluate(children[2]));
    }

    private Value Merge(CXCursor e, Value a, Value b)
    {
        var type = types.Of(e.Type());
        if (!type.IsPointer || (a.Node == null && b.Node == null))
            return a.Node != null ? a : b;
        var temp = NewTemp();
        foreach (var value in (Value[])[a, b])
        {
            if (value.Node != null)
                Move(e, value, temp, type);
        }

        return new Value(temp, type);
    }

    private Value StatementExpression(CXCursor e, bool unused)
    {
        var statements = e.Children().SelectMany(c => c.Children()).ToArray();
        var result = Value.Number;
        for (var i = 0; i < statements.Length; i++)
        {
            if (i == statements.Length - 1 && statements[i].IsExpression() && !unused)
                result = Evaluate(statements[i]);
            else
                Part(statements[i]);
        }

        return result;
    }

    // Which association was chosen is not told: it is one whose type is the whole's.
    private Value Generic(CXCursor e)
    {
        var type = e.Type();
        var result = Value.Number;
        foreach (var choice in e.Children().Where(c => c.IsExpression()).Skip(1))
        {
            if (types.Of(choice.Type()) == types.Of(type))
                result = Merge(e, result, Evaluate(choice));
        }

        return result;
    }

    private Value Convert(CXCursor e, CXCursor operand, Value value, CXType to)
    {
        var from = operand.Type();
        if (to.IsPointer() && from.IsInteger())
        {
            if (value.Node != null)
                return value;
            if (AddressReturned(operand, types.Of(from)) is { } returned)
                return returned;
            var number = operand.Evaluate();
            var pointee = to.Pointee();
            if (number == null && (pointee.Kind == TypeKind.Record || pointee.IsFunction()))
                NotLowered(e, $"an integer turned into a pointer to {TakeString(clang_getTypeSpelling(pointee))}");
            return new Value(new Node(NodeKind.Constant, "", number == 0 ? "" : "int"), types.Of(to));
        }

        // A pointer turned into a number stays what it is until the number is stored, passed or computed with.
        return to.Kind is TypeKind.Void or TypeKind.Bool ? Value.Number : value;
    }

    /// <summary>(struct page *)_compound_head(page): the call that was just lowered returns an address after all.</summary>
    private Value? AddressReturned(CXCursor operand, CType type)
    {
        while (operand.Kind is CursorKind.ParenExpr or CursorKind.UnexposedExpr or CursorKind.CStyleCastExpr && OnlyChild(operand) is { } inner)
            operand = inner;
        if (operand.Kind != CursorKind.CallExpr || type.Size != 8 || facts is not [.., Call { Result: null, Callee: { } callee } call])
            return null;
        var temp = NewTemp();
        facts[^1] = call with { Result = temp };
        facts.Add(new Flow(call.Location, call.Macro, new Node(NodeKind.Return, callee), temp, type, type));
        return new Value(temp, type);
    }

    private static CXCursor StripParens(CXCursor cursor)
    {
        while (cursor.Kind == CursorKind.ParenExpr)
            cursor = cursor.Children().First(c => c.IsExpression());
        return cursor;
    }
}
