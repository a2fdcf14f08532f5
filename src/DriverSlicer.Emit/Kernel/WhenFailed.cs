// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Emit.Kernel;

/// <summary>
/// What the kernel gets from an entry that cannot be served, as far as its type can say it: the negative <c>errno</c> for signed
/// integers, false, NULL, and 0 for unsigned integers and enums (no bytes, no events, IRQ_NONE).
/// </summary>
internal static class WhenFailed
{
    public static string Value(CType type, string error) => type switch
    {
        { Kind: CKind.Bool } => "false",
        { IsPointer: true } => "NULL",
        { Kind: CKind.Int or CKind.Char, IsSigned: true } => error,
        _ => "0",
    };
}
