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
        return format < 0 ? Plain(slice, function, id) : Formatting(slice, function, id, format);
    }

    private static string[] Plain(Slice slice, Function function, int id)
    {
        var call = $"MD_DOWNCALL({slice.DowncallNames[id]}{string.Concat(function.Parameters.Select(parameter => $", {CText.ToRaw(parameter.Type, parameter.Name)}"))})";
        return ["{", function.Result.Kind == CKind.Void ? $"\t{call};" : $"\treturn {CText.FromRaw(function.Result, call)};", "}"];
    }

    private static string[] Formatting(Slice slice, Function function, int id, int format)
    {
        var isVoid = function.Result.Kind == CKind.Void;
        var values = string.Join(", ", function.Parameters.Select((parameter, i) => i == format ? "md_value(md_text)" : CText.ToRaw(parameter.Type, parameter.Name)));
        string[] result = isVoid ? [] : ["\tunsigned long md_result;"];
        string[] end = isVoid ? [] : [$"\treturn {CText.FromRaw(function.Result, "md_result")};"];
        return
        [
            "{",
            "\t__builtin_va_list md_list;",
            "\tchar *md_text;",
            .. result,
            "",
            $"\t__builtin_va_start(md_list, {function.Parameters[^1].Name});",
            $"\tmd_text = md_format({function.Parameters[format].Name}, md_list);",
            "\t__builtin_va_end(md_list);",
            $"\t{(isVoid ? "" : "md_result = ")}MD_DOWNCALL({slice.DowncallNames[id]}, {values});",
            "\tmd_format_done(md_text);",
            .. end,
            "}",
        ];
    }
}
