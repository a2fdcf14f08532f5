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
        var arguments = function.Parameters.IsEmpty ? "NULL" : "md_args";
        string[] values = function.Parameters.IsEmpty ? [] : [$"\tconst u64 md_args[] = {{ {string.Join(", ", function.Parameters.Select(p => $"md_value({p.Name})"))} }};"];
        if (function.Result.Kind == CKind.Void)
        {
            return ["{", .. values, "\tu64 md_result;", "", $"\tmd_upcall(&md_module, {plan}, {arguments}, &md_result);", "}"];
        }

        return
        [
            "{",
            .. values,
            "\tu64 md_result;",
            $"\tint md_error = md_upcall(&md_module, {plan}, {arguments}, &md_result);",
            "",
            $"\treturn {Result(function.Result)};",
            "}",
        ];
    }

    private static string Result(CType type)
    {
        var value = CText.FromRaw(type, "md_result");
        return type switch
        {
            { Kind: CKind.Bool } => $"!md_error && {value}",
            { IsPointer: true } => $"md_error ? NULL : {value}",
            { Kind: CKind.Int or CKind.Char, IsSigned: true } => $"md_error ? md_error : {value}",
            _ => $"md_error ? 0 : {value}",
        };
    }
}
