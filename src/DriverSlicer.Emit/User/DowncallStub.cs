// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Emit.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Emit.User;

/// <summary>The body, in the user half, of a function of the driver that stays in the kernel.</summary>
internal static class DowncallStub
{
    public static IReadOnlyList<string> Body(Slice slice, Function function)
    {
        var id = slice.Cut.DriverDowncalls[function.Id];
        var format = UserSymbol.FormatOf(slice.Plan.Downcalls[id]);
        var result = function.Result.Kind == CKind.Void ? "" : $"md_result = ";
        string[] call = format < 0 ? Plain(slice, function, id, result) : Formatting(slice, function, id, format, result);
        return function.Result.Kind == CKind.Void
            ? ["{", .. call, "}"]
            : ["{", "\tunsigned long md_result;", .. call, $"\treturn {CText.FromRaw(function.Result, "md_result")};", "}"];
    }

    private static string[] Plain(Slice slice, Function function, int id, string result) => function.Parameters.IsEmpty
        ? ["", $"\t{result}md_downcall({slice.DowncallNames[id]}, 0, (void *)0);"]
        :
        [
            $"\tconst unsigned long md_args[] = {{ {Values(function)} }};",
            "",
            $"\t{result}md_downcall({slice.DowncallNames[id]}, {function.Parameters.Length}, md_args);",
        ];

    private static string[] Formatting(Slice slice, Function function, int id, int format, string result) =>
    [
        $"\tunsigned long md_args[] = {{ {Values(function)} }};",
        "\t__builtin_va_list md_list;",
        "\tchar *md_text;",
        "",
        $"\t__builtin_va_start(md_list, {function.Parameters[^1].Name});",
        $"\tmd_text = md_format({function.Parameters[format].Name}, md_list);",
        "\t__builtin_va_end(md_list);",
        $"\tmd_args[{format}] = md_value(md_text);",
        $"\t{result}md_downcall({slice.DowncallNames[id]}, {function.Parameters.Length}, md_args);",
        "\tmd_format_done(md_text);",
    ];

    private static string Values(Function function) => string.Join(", ", function.Parameters.Select(parameter => $"md_value({parameter.Name})"));
}
