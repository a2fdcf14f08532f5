// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Clang.Native;
using DriverSlicer.Model;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Lowering;

/// <summary>
/// Turns one function body into facts, in evaluation order. Every cursor kind is either handled or becomes an
/// <see cref="Unsupported"/> fact: a construct passed over in silence would be a field silently not copied.
/// The parts: statements, values, targets (lvalues), calls, assembly.
/// </summary>
internal sealed partial class BodyLowering
{
    private readonly UnitContext context;
    private readonly TypeTable types;
    private readonly string function;
    private readonly List<Fact> facts = [];
    private readonly Dictionary<nint, int> locals = [];
    private readonly Dictionary<nint, int> parameters = [];
    private readonly HashSet<nint> carriers = [];
    private readonly CType resultType;
    private readonly CXCursor body;
    private HashSet<int>? changed;
    private int nextLocal;
    private int nextTemp;

    private BodyLowering(UnitContext context, string function, CXCursor definition, CXCursor body)
    {
        (this.context, this.function, this.body, types) = (context, function, body, context.Types);
        resultType = types.Used(clang_getCursorResultType(definition));
        var count = clang_Cursor_getNumArguments(definition);
        for (var i = 0; i < count; i++)
            parameters[clang_Cursor_getArgument(definition, (uint)i).Data0] = i;
        // Locals are numbered after the parameters, so that LocalAddress can name a parameter's storage too.
        nextLocal = count;
    }

    public static ImmutableArray<Fact> Lower(UnitContext context, string function, CXCursor definition, CXCursor body)
    {
        var lowering = new BodyLowering(context, function, definition, body);
        lowering.Statement(body);
        return [.. lowering.facts];
    }

    private Node NewTemp() => new(NodeKind.Temp, function, "", nextTemp++);

    private (Location Location, string? Macro) At(CXCursor cursor)
    {
        var location = clang_getCursorLocation(cursor);
        return (context.Unit.Locate(location), context.Unit.MacroAt(location));
    }

    private void NotLowered(CXCursor at, string what)
    {
        var (location, macro) = At(at);
        facts.Add(new Unsupported(location, macro, what));
    }

    private void Touch(CXCursor at, Target target, AccessMode mode, Node? use = null)
    {
        // The function's own variables are its own business, until someone else can reach them.
        if (target.Storage == Storage.Local && !mode.HasFlag(AccessMode.Address))
            return;
        var (location, macro) = At(at);
        if (target.Record.Length > 0)
            types.Use(target.Record);
        facts.Add(new Access(
            location, macro, target.Base, target.Record, target.Path, types.Used(target.Type), mode, target.Indexed, use));
    }

    /// <summary>Records that the value goes to a node; numbers go nowhere.</summary>
    private void Move(CXCursor at, Value value, Node to, CType toType)
    {
        if (value.Node == null)
        {
            if (toType.IsPointer)
                NotLowered(at, "a pointer of unknown origin");
            return;
        }

        if (value.Address != null)
            Touch(at, value.Address, AccessMode.Address, to);
        var (location, macro) = At(at);
        facts.Add(new Flow(location, macro, value.Node, to, value.From, toType, value.Offset));
    }

    /// <summary>A node that holds exactly this value: itself, or a temporary when bytes were added on the way.</summary>
    private Node Settle(CXCursor at, Value value, CType type)
    {
        if (value is { Node: { } node, Offset: 0 } && SamePointee(value.From, type))
            return node;
        var temp = NewTemp();
        Move(at, value, temp, type);
        return temp;
    }

    private static bool SamePointee(CType a, CType b)
    {
        if (a.Element is not { } left || b.Element is not { } right)
            return a.Kind == b.Kind;
        if (left.Kind == CKind.Record || right.Kind == CKind.Record)
            return left.Record == right.Record;
        // Qualifiers and the pointee's name do not matter for where a plain scalar lives, its size does.
        return left.Kind == right.Kind && left.Size == right.Size;
    }

    private static CType PointerTo(CType type) => new(CKind.Pointer, 8, type.Spelling.Length == 0 ? "" : type.Spelling + " *", Element: type);
}
