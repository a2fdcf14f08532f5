// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Clang.Native;
using DriverSlicer.Model;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Lowering;

internal sealed partial class BodyLowering
{
    /// <summary>The object that an lvalue expression names. Evaluates what has to be read on the way.</summary>
    private Target TargetOf(CXCursor e)
    {
        switch (e.Kind)
        {
            case CursorKind.ParenExpr:
                return TargetOf(StripParens(e));
            case CursorKind.DeclRefExpr when e.Referenced().Kind is CursorKind.VarDecl or CursorKind.ParmDecl:
                return Variable(e.Referenced());
            case CursorKind.MemberRefExpr:
                return MemberOf(e);
            case CursorKind.ArraySubscriptExpr:
                return Subscript(e);
            case CursorKind.UnaryOperator when clang_getCursorUnaryOperatorKind(e) == UnaryKind.Deref:
                var pointer = e.Children().Last(c => c.IsExpression());
                return Pointed(e, Evaluate(pointer), e.Type());
            case CursorKind.UnaryOperator when clang_getCursorUnaryOperatorKind(e) == UnaryKind.Extension:
                return TargetOf(e.Children().Last(c => c.IsExpression()));
            case CursorKind.CompoundLiteralExpr:
                var literal = Anonymous(e.Type());
                Initialize(e, e, e.Type(), literal.Content, 0);
                return literal;
            case CursorKind.UnexposedExpr when OnlyChild(e) is { } inner && Location(inner):
                return TargetOf(inner);
            case CursorKind.StringLiteral:
                return Anonymous(e.Type()) with { AddressNode = new Node(NodeKind.Literal) };
            default:
                // A record made by a call, an assignment or a statement expression: it lives in storage of its own.
                Evaluate(e);
                return Anonymous(e.Type());
        }
    }

    private static bool Location(CXCursor e) => e.Kind switch
    {
        CursorKind.UnaryOperator => clang_getCursorUnaryOperatorKind(e) is UnaryKind.Deref or UnaryKind.Extension,
        CursorKind.ParenExpr => Location(StripParens(e)),
        _ => e.Kind is CursorKind.DeclRefExpr or CursorKind.MemberRefExpr or CursorKind.ArraySubscriptExpr
            or CursorKind.CompoundLiteralExpr or CursorKind.StringLiteral or CursorKind.UnexposedExpr,
    };

    private static CXCursor? OnlyChild(CXCursor e)
    {
        var children = e.Children().Where(c => c.IsExpression()).ToArray();
        return children.Length == 1 ? children[0] : null;
    }

    private Target Anonymous(CXType type)
    {
        types.Used(type);
        return Own(type, nextLocal++, NodeKind.Local);
    }

    private Target Own(CXType type, int index, NodeKind kind)
    {
        var storage = new Node(NodeKind.LocalAddress, function, "", index);
        return new Target(
            Storage.Local, storage, ElementRecord(type), [], type, false, new Node(kind, function, "", index), storage, 0,
            PointerTo(types.Of(type)));
    }

    private Target Variable(CXCursor declaration)
    {
        var type = declaration.Type();
        if (parameters.TryGetValue(declaration.Data0, out var parameter))
        {
            return Own(type, parameter, NodeKind.Param);
        }

        if (declaration.Kind == CursorKind.ParmDecl)
        {
            // A parameter named in a prototype inside the body (sizeof of it): never evaluated for real.
            return Anonymous(type);
        }

        if (!UnitContext.HasStaticStorage(declaration))
            return Own(type, LocalIndex(declaration), NodeKind.Local);
        var isLocal = clang_getCursorSemanticParent(declaration).Kind == CursorKind.FunctionDecl
            && clang_Cursor_getStorageClass(declaration) == StorageClass.Static;
        var id = context.Global(declaration, isLocal ? function : null);
        var address = new Node(NodeKind.GlobalAddress, id);
        return new Target(
            Storage.Global, address, ElementRecord(type), [], type, false, new Node(NodeKind.Global, id), address, 0, PointerTo(types.Of(type)));
    }

    /// <summary>An array of records is reached as its elements are: by the element's record.</summary>
    private string ElementRecord(CXType type)
    {
        while (type.IsArray())
            type = type.ArrayElement();
        return types.RecordId(type) ?? "";
    }

    private Target MemberOf(CXCursor e)
    {
        var field = e.Referenced();
        var children = e.Children().Where(c => c.IsExpression()).ToArray();
        if (children.Length == 0 || field.Kind != CursorKind.FieldDecl)
        {
            NotLowered(e, "member access");
            return Anonymous(e.Type());
        }

        var operand = children[0];
        var type = operand.Type();
        var container = type.IsPointer() || type.IsArray()
            ? Pointed(operand, Evaluate(operand), type.IsPointer() ? type.Pointee() : type.ArrayElement())
            : TargetOf(operand);
        return Member(container, field);
    }

    private Target Member(Target container, CXCursor field)
    {
        var record = types.RecordIdOf(clang_getCursorSemanticParent(field));
        types.Use(record);
        var name = TypeTable.FieldName(field);
        var type = field.Type();
        var pointed = container.Storage == Storage.Pointed;
        var bits = clang_Cursor_getOffsetOfField(field);
        return container with
        {
            Path = name.Length == 0 ? container.Path : container.Path.Add(name),
            Type = type,
            Content = new Node(NodeKind.Field, record, name),
            AddressNode = pointed ? new Node(NodeKind.FieldAddress, record, name) : container.AddressNode,
            AddressOffset = pointed ? 0 : container.AddressOffset + (bits / 8),
            AddressFrom = pointed ? PointerTo(types.Of(type)) : container.AddressFrom,
        };
    }

    private Target Subscript(CXCursor e)
    {
        var operands = e.Children().Where(c => c.IsExpression()).ToArray();
        // 3[p] is legal C; whichever is the pointer comes first here.
        var (array, index) = operands[0].Type().IsInteger() ? (operands[1], operands[0]) : (operands[0], operands[1]);
        var value = Evaluate(array);
        Evaluate(index);
        var type = array.Type();
        var element = type.IsPointer() ? type.Pointee() : type.ArrayElement();
        return Pointed(e, value with { Offset = value.Offset + (index.Evaluate() * element.Stride()) }, element);
    }

    /// <summary>The object of the given type at the address.</summary>
    private Target Pointed(CXCursor at, Value pointer, CXType type)
    {
        if (pointer.Address is { } known && SeenThrough(known, pointer, type) is { } same)
            return same;
        if (pointer.Node == null)
        {
            NotLowered(at, "access through a pointer of unknown origin");
            return Anonymous(type);
        }

        var pointee = types.Of(type);
        var to = PointerTo(pointee);
        var indexed = pointer.Offset != 0;
        var node = pointer.Node;
        if (pointer.Address != null || !SamePointee(pointer.From, to))
        {
            node = Settle(at, pointer, to);
            indexed = pointer.Offset == null;
        }

        // All pointers stored behind a pointer to pointer share one node per type.
        var content = new Node(NodeKind.Deref, "", TakeString(clang_getTypeSpelling(clang_getUnqualifiedType(type))));
        return new Target(
            Storage.Pointed, node, ElementRecord(type), [], type, indexed, content, node, indexed ? null : 0, to);
    }

    /// <summary>
    /// Reading back through an address just taken (READ_ONCE(x->f), arr[i]) is an access to the object itself, provided it stays
    /// inside it.
    /// </summary>
    private Target? SeenThrough(Target known, Value pointer, CXType type)
    {
        var delta = pointer.Offset - known.AddressOffset;
        if (known.Type.IsArray())
        {
            var element = known.Type.ArrayElement();
            if (!SamePointee(PointerTo(types.Of(element)), PointerTo(types.Of(type))))
            {
                return types.Of(type).IsScalar && types.Of(element).IsScalar
                    ? Element(known, element, null)
                    : null;
            }

            return Element(known, element, element.Stride() is var stride and > 0 ? delta / stride : null);
        }

        if (delta != 0)
            return null;
        var (wanted, have) = (types.Of(type), types.Of(known.Type));
        if (wanted.Kind == CKind.Record || have.Kind == CKind.Record)
            return wanted.Record == have.Record ? known : null;
        return wanted.Size > 0 && wanted.Size <= have.Size ? known : null;
    }

    private static Target Element(Target array, CXType element, long? index)
    {
        // Elements of a whole variable are reached by the variable's base; elements of a member array show in the path.
        var top = array.Path.Length == 0;
        return array with
        {
            Path = top ? array.Path : array.Path.Add(index is { } number ? $"[{number}]" : "[]"),
            Indexed = array.Indexed || top,
            Type = element,
            AddressOffset = array.AddressOffset + (index * element.Stride()),
        };
    }
}
