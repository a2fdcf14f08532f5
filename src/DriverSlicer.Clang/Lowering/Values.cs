// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Clang.Native;
using DriverSlicer.Model;

namespace DriverSlicer.Clang.Lowering;

internal enum Storage { Pointed, Global, Local }

/// <summary>
/// What an expression's value is, as far as pointers go: the node it came from, the bytes added since (null: varying), the type it
/// had there. <see cref="Node"/> is null for plain numbers.
/// </summary>
/// <param name="Address">The object whose address this is; its Address access is recorded when the value is used, not before,
/// because READ_ONCE(x) takes an address only to read through it.</param>
internal sealed record Value(Node? Node, CType From, long? Offset = 0, Target? Address = null)
{
    public static readonly Value Number = new(null, CType.Void);
}

/// <summary>An object that can be read, written or pointed to (an lvalue): where its access chain starts and the way from there.</summary>
/// <param name="Content">Node of the pointer stored in it.</param>
/// <param name="AddressNode">With <paramref name="AddressOffset"/> and <paramref name="AddressFrom"/>: the object's address.</param>
internal sealed record Target(
    Storage Storage, Node Base, string Record, ImmutableArray<string> Path, CXType Type, bool Indexed,
    Node Content, Node AddressNode, long? AddressOffset, CType AddressFrom);
