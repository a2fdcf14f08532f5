// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Clang.Native;
using DriverSlicer.Model;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Lowering;

internal sealed partial class BodyLowering
{
    private Value Call(CXCursor e, bool unused)
    {
        var children = e.Children().Where(c => c.IsExpression()).ToArray();
        if (children.Length == 0)
        {
            NotLowered(e, "call");
            return Value.Number;
        }

        var arguments = children[1..];
        var named = Callee(children[0]);
        if (named is { } known && BuiltIn(e, known.Spelling(), arguments) is { } folded)
            return folded;

        string? callee = null;
        Node? through = null;
        CXType signature;
        if (named is { } declaration)
        {
            callee = context.Function(declaration);
            signature = declaration.Type();
        }
        else
        {
            var pointer = Evaluate(children[0]);
            signature = children[0].Type();
            if (signature.IsPointer())
                signature = signature.Pointee();
            if (pointer.Node == null)
                NotLowered(e, "call through a pointer of unknown origin");
            else
                through = Settle(e, pointer, PointerTo(types.Of(signature)));
        }

        var passed = ImmutableArray.CreateBuilder<Argument>();
        var moves = new List<(Value Value, int Index, CType Type)>();
        var declared = signature.IsFunction() ? clang_getNumArgTypes(signature) : 0;
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = Evaluate(arguments[i]);
            var to = types.Of(i < declared ? clang_getArgType(signature, (uint)i) : clang_getCursorType(arguments[i]));
            if (value is { Node: not null, Offset: not 0 } && value.Address == null)
                value = new Value(Settle(e, value, to), to);
            passed.Add(Describe(arguments[i], value));
            if (value.Node != null || to.IsPointer)
                moves.Add((value, i, to));
        }

        foreach (var (value, index, to) in moves)
        {
            if (callee != null)
                Move(e, value, new Node(NodeKind.Param, callee, "", index), to);
            else if (value.Address != null)
                Touch(e, value.Address, AccessMode.Address);
        }

        var resultType = types.Used(e.Type());
        var result = resultType.IsPointer ? NewTemp() : null;
        var (location, macro) = At(e);
        facts.Add(new Call(location, macro, callee, through, resultType, passed.ToImmutable(), result, unused));
        if (result == null)
            return Value.Number;
        if (callee != null)
            facts.Add(new Flow(location, macro, new Node(NodeKind.Return, callee), result, resultType, resultType));
        return new Value(result, resultType);
    }

    private Argument Describe(CXCursor argument, Value value)
    {
        var type = types.Used(Written(argument));
        var constant = type.IsPointer && value.Node is not { Kind: NodeKind.Constant } ? null : argument.Evaluate();
        return value.Node switch
        {
            { Kind: NodeKind.Literal } => new Argument(ArgumentForm.StringLiteral, type, value.Node),
            { Kind: NodeKind.FunctionAddress } node => new Argument(ArgumentForm.Function, type, node, Function: node.Owner),
            { Kind: NodeKind.LocalAddress } node => new Argument(
                ArgumentForm.AddressOfLocal, type, node, value.Address is { } local ? types.Used(local.Type) : value.From.Element),
            { Kind: NodeKind.FieldAddress or NodeKind.GlobalAddress } node => new Argument(ArgumentForm.AddressOfField, type, node),
            var node => new Argument(ArgumentForm.Value, type, node, Constant: constant, Parameter: node is null ? ParameterOf(argument) : null),
        };
    }

    /// <summary>Which parameter of this function the argument is, if its value is what the caller gave.</summary>
    private int? ParameterOf(CXCursor argument) =>
        NamedParameter(argument) is { } index && !(changed ??= Changed(body, [])).Contains(index) ? index : null;

    private int? NamedParameter(CXCursor e)
    {
        while (e.Kind is CursorKind.UnexposedExpr or CursorKind.ParenExpr && OnlyChild(e) is { } inner)
            e = inner;
        return e.Kind == CursorKind.DeclRefExpr && parameters.TryGetValue(e.Referenced().Data0, out var index) ? index : null;
    }

    /// <summary>Adds the parameters that are assigned or counted, whose address is taken, or that assembly names.</summary>
    private HashSet<int> Changed(CXCursor cursor, HashSet<int> found)
    {
        var children = cursor.Children();
        var targets = cursor.Kind switch
        {
            CursorKind.CompoundAssignOperator => 1,
            CursorKind.BinaryOperator when clang_getCursorBinaryOperatorKind(cursor) == BinaryKind.Assign => 1,
            CursorKind.UnaryOperator when clang_getCursorUnaryOperatorKind(cursor)
                is UnaryKind.AddrOf or UnaryKind.PostInc or UnaryKind.PostDec or UnaryKind.PreInc or UnaryKind.PreDec => 1,
            CursorKind.AsmStmt => children.Length,
            _ => 0,
        };
        found.UnionWith(children.Take(targets).Select(NamedParameter).OfType<int>());
        foreach (var child in children)
            Changed(child, found);
        return found;
    }

    /// <summary>The argument's type before the implicit conversion to the parameter's; arrays count as the pointers they become.</summary>
    private static CXType Written(CXCursor argument)
    {
        while (argument.Kind is CursorKind.UnexposedExpr or CursorKind.ParenExpr && OnlyChild(argument) is { } inner
            && !inner.Type().IsArray() && !inner.Type().IsFunction())
            argument = inner;
        return argument.Type();
    }

    private static CXCursor? Callee(CXCursor e)
    {
        while (true)
        {
            switch (e.Kind)
            {
                case CursorKind.DeclRefExpr:
                    var declaration = e.Referenced();
                    return declaration.Kind == CursorKind.FunctionDecl ? declaration : null;
                case CursorKind.UnexposedExpr or CursorKind.ParenExpr when OnlyChild(e) is { } inner:
                    e = inner;
                    break;
                case CursorKind.UnaryOperator
                    when clang_getCursorUnaryOperatorKind(e) is UnaryKind.Deref or UnaryKind.AddrOf or UnaryKind.Extension:
                    e = e.Children().Last(c => c.IsExpression());
                    break;
                default:
                    return null;
            }
        }
    }

    /// <summary>Built-in functions that only guide the compiler: no call at run time.</summary>
    private Value? BuiltIn(CXCursor e, string name, CXCursor[] arguments)
    {
        switch (name)
        {
            case "__builtin_expect" or "__builtin_expect_with_probability" or "__builtin_assume_aligned" or "__builtin_launder":
                var value = Evaluate(arguments[0]);
                foreach (var other in arguments.Skip(1))
                    Evaluate(other);
                return value;
            case "__builtin_constant_p" or "__builtin_object_size" or "__builtin_dynamic_object_size" or "__builtin_classify_type"
                or "__builtin_unreachable" or "__builtin_trap":
                return Value.Number;
            case "__builtin_return_address" or "__builtin_frame_address" or "__builtin_extract_return_addr":
                return new Value(new Node(NodeKind.Constant, "", "int"), types.Of(e.Type()));
            default:
                return null;
        }
    }
}
