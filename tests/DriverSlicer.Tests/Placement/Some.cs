// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Placement;

/// <summary>Facts of function bodies, as short as the C they stand for.</summary>
internal static class Some
{
    public static readonly CType Pointer = new(CKind.Pointer, 8, "void *", Element: CType.Void);
    private static readonly Location Here = new("a.c", 100, 5);

    /// <summary>callee(argument, ...)</summary>
    public static Call Call(string callee, params Argument[] arguments) => new(Here, null, callee, null, CType.Void, [.. arguments], null);

    /// <summary>p->field(...)</summary>
    public static Call CallThrough(string record, string field) =>
        new(Here, null, null, new Node(NodeKind.Field, record, field), CType.Void, [], null);

    public static Call CallThrough(Node node, params Argument[] arguments) => new(Here, null, null, node, CType.Void, [.. arguments], null);

    /// <summary>p->field = function</summary>
    public static Flow Store(string function, string record, string field) => Flow(Address(function), new Node(NodeKind.Field, record, field));

    public static Flow Flow(Node from, Node to) => new(Here, null, from, to, Pointer, Pointer);

    public static Node Address(string function) => new(NodeKind.FunctionAddress, function);

    public static Node Parameter(string function, int index) => new(NodeKind.Param, function, "", index);

    public static Node Local(string function, int index) => new(NodeKind.Local, function, "", index);

    /// <summary>The flow of an argument into the callee's parameter, as the front end records it beside the call.</summary>
    public static Flow Pass(Node from, string callee, int index) => Flow(from, Parameter(callee, index));

    public static Argument Function(string function) => new(ArgumentForm.Function, Pointer, Address(function), Function: function);

    public static Argument Field(string record, string field) =>
        new(ArgumentForm.AddressOfField, Pointer, new Node(NodeKind.FieldAddress, record, field));

    public static Argument Value(Node node) => new(ArgumentForm.Value, Pointer, node);

    public static Call Lock(string name = "lock", string record = "struct own") => Call("spin_lock", Field(record, name));

    public static Call Unlock(string name = "lock", string record = "struct own") => Call("spin_unlock", Field(record, name));

    /// <summary>spin_lock(p)</summary>
    public static Call TakeAt(Node node) => Call("spin_lock", Value(node));

    public static Call GiveAt(Node node) => Call("spin_unlock", Value(node));

    public static Call TryLock(string name = "lock") => Call("spin_trylock", Field("struct own", name));

    public static Call LockMutex() => Call("mutex_lock", Field("struct own", "mutex"));

    public static Call UnlockMutex() => Call("mutex_unlock", Field("struct own", "mutex"));
}
