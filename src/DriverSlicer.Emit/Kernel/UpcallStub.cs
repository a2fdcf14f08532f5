// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Emit.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Emit.Kernel;

/// <summary>
/// The body of a moved function in the kernel half. When the user half cannot answer, the caller gets what its type can say:
/// the negative errno for signed integers, false, NULL, and 0 for unsigned integers and enums (no bytes, no events, IRQ_NONE).
/// </summary>
internal static class UpcallStub
{
    public static IReadOnlyList<string> Body(Function function, string plan)
    {
        var arguments = string.Concat(function.Parameters.Select(parameter => $", {CText.ToRaw(parameter.Type, parameter.Name)}"));
        return function.Result.Kind == CKind.Void
            ? ["{", $"\tMD_UPCALL({plan}, int, 0{arguments});", "}"]
            : ["{", $"\treturn MD_UPCALL({plan}, {Travels(function.Result)}, {WhenFailed(function.Result)}{arguments});", "}"];
    }

    /// <summary>The type to read the result's machine word as, of which only the lower bytes are to be trusted.</summary>
    private static string Travels(CType type) => type switch
    {
        { IsPointer: true } => "void *",
        { Kind: CKind.Bool } => "unsigned char",
        _ => CText.Name(type),
    };

    private static string WhenFailed(CType type) => type switch
    {
        { Kind: CKind.Bool } => "false",
        { IsPointer: true } => "NULL",
        { Kind: CKind.Int or CKind.Char, IsSigned: true } => "md_error",
        _ => "0",
    };
}
