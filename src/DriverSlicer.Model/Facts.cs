// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace DriverSlicer.Model;

// What a function body does, lowered from the AST. One worked example, for
//
//     struct my_dev *edev = container_of(wdd, struct my_dev, wdd);
//     edev->wdd.timeout = time;
//     pci_write_config_byte(edev->pdev, 0x68, val);
//
// gives
//
//     Flow   param 0 (watchdog_device *)  -> local __mptr (void *)
//     Flow   local __mptr                 -> local edev (my_dev *), offset -0
//     Access local edev, record my_dev, path [wdd, timeout], Write
//     Access local edev, record my_dev, path [pdev], Read
//     Flow   field my_dev.pdev           -> param 0 of pci_write_config_byte
//     Call   pci_write_config_byte(...)
//
// Analysis is flow-insensitive inside a function but keeps source order (facts are in evaluation order as written), which the
// lock analysis needs.

/// <summary>Where a pointer value can live. Nodes of the pointer-flow graph.</summary>
public enum NodeKind
{
    /// <summary>
    /// A local variable: Function + Index (a number unique in the function, in order of declaration, counted on from the
    /// parameters, so that LocalAddress with a small Index is a parameter's own storage).
    /// </summary>
    Local,

    /// <summary>Parameter Index of Function.</summary>
    Param,

    /// <summary>What Function returns.</summary>
    Return,

    /// <summary>The pointer stored in a field: Record (innermost, by id) + Field name; array elements share the field's node.</summary>
    Field,

    /// <summary>The pointer stored in a global variable (Id), or in an element of it.</summary>
    Global,

    /// <summary>The address of a global variable (Id) itself or of a part of it.</summary>
    GlobalAddress,

    /// <summary>The address of a local variable: Function + Index.</summary>
    LocalAddress,

    /// <summary>The address of a field: Record + Field (innermost record). Node of an interior pointer.</summary>
    FieldAddress,

    /// <summary>The address of a function (Id).</summary>
    FunctionAddress,

    /// <summary>A string literal.</summary>
    Literal,

    /// <summary>The pointer read or written through a pointer to pointer; Index identifies nothing, all such share per pointee type spelling in Field.</summary>
    Deref,

    /// <summary>An intermediate value: Function + Index, unique in the function.</summary>
    Temp,

    /// <summary>NULL, ERR_PTR of a constant, or an integer cast to a pointer (Field = "int").</summary>
    Constant,
}

/// <summary>See <see cref="NodeKind"/> for which members each kind uses; the others are empty.</summary>
public sealed record Node(NodeKind Kind, string Owner = "", string Field = "", int Index = 0);

[JsonPolymorphic(TypeDiscriminatorPropertyName = "k")]
[JsonDerivedType(typeof(Access), "access")]
[JsonDerivedType(typeof(Flow), "flow")]
[JsonDerivedType(typeof(Call), "call")]
[JsonDerivedType(typeof(AsmFact), "asm")]
[JsonDerivedType(typeof(Unsupported), "unsupported")]
public abstract record Fact(Location Location, string? Macro);

[Flags]
public enum AccessMode { None = 0, Read = 1, Write = 2, Address = 4 }

/// <summary>
/// A member access through a pointer or on a variable. Base is the node whose value (pointer) or storage (GlobalAddress, LocalAddress)
/// is accessed; Record is the static record type that the base points to; Path are the member names from there, anonymous
/// members left out, "[]" for an array subscript with non-constant index, "[3]" for a constant one. An empty path is the whole object
/// (struct assignment, or <c>*p</c> of a scalar: then Record is "" and Type is the scalar's type). An access to local storage is not recorded unless its address is taken.
/// </summary>
/// <param name="Type">Type of what is accessed (the last member).</param>
/// <param name="Indexed">The base pointer itself is subscripted (p[i]) or moved by a non-constant offset, so more than one element is reached.</param>
/// <param name="AddressUse">For Mode Address: the node the address flows to directly (a call's parameter, a local), when there is just one.</param>
public sealed record Access(
    Location Location, string? Macro, Node Base, string Record, ImmutableArray<string> Path, CType Type, AccessMode Mode,
    bool Indexed = false, Node? AddressUse = null) : Fact(Location, Macro);

/// <summary>
/// A pointer value moves (assignment, initialisation, argument passing, return), perhaps with a cast and a constant byte offset.
/// FromType and ToType are the static pointer types before and after (implicit and explicit casts looked through to the ends).
/// </summary>
/// <param name="Offset">Bytes added, when arithmetic on the way was constant (container_of gives minus offsetof); null when it varies.</param>
public sealed record Flow(
    Location Location, string? Macro, Node From, Node To, CType FromType, CType ToType,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Offset = 0) : Fact(Location, Macro);

public enum ArgumentForm
{
    /// <summary>Any scalar or pointer value; pointers have Node.</summary>
    Value,

    /// <summary>&amp;local or a local array: LocalSize bytes.</summary>
    AddressOfLocal,

    StringLiteral,

    /// <summary>Name of a function.</summary>
    Function,

    /// <summary>&amp;p-&gt;f or &amp;global...: an interior address; Node is FieldAddress or GlobalAddress.</summary>
    AddressOfField,
}

/// <param name="Type">Static type before implicit conversion to the parameter type.</param>
/// <param name="LocalType">For AddressOfLocal: type of the variable (or of the part whose address is taken).</param>
/// <param name="Constant">Value when it is an integer constant expression.</param>
/// <param name="Parameter">The caller's own parameter that is handed on, a number which the caller nowhere changes; null otherwise.</param>
public sealed record Argument(
    ArgumentForm Form, CType Type, Node? Node, CType? LocalType = null, string? Function = null, long? Constant = null, int? Parameter = null);

/// <summary>
/// A call. Callee is a function's id; for an indirect one it is null and Through says which node holds the pointer
/// (Field for <c>ops->start(x)</c>). Argument flows to a direct callee's parameters also appear as Flow facts to Param nodes.
/// </summary>
/// <param name="ResultUnused">The call stands as a statement of its own.</param>
public sealed record Call(
    Location Location, string? Macro, string? Callee, Node? Through, CType ResultType, ImmutableArray<Argument> Arguments, Node? Result,
    bool ResultUnused = false) : Fact(Location, Macro);

/// <summary>Inline assembly. Template as far as it can be read from the source text; empty if not.</summary>
public sealed record AsmFact(Location Location, string? Macro, string Template, bool IsGoto) : Fact(Location, Macro);

/// <summary>A construct that the front end does not lower. Analysis pins the function (always sound) and reports it.</summary>
public sealed record Unsupported(Location Location, string? Macro, string What) : Fact(Location, Macro);
