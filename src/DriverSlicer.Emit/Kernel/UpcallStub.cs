// SPDX-License-Identifier: GPL-2.0-only
using System.Globalization;
using System.Text.RegularExpressions;
using DriverSlicer.Emit.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Emit.Kernel;

/// <summary>The body of a moved function in the kernel half.</summary>
internal static partial class UpcallStub
{
    public static IReadOnlyList<string> Body(Function function, Upcall upcall, string plan)
    {
        var arguments = string.Concat(function.Parameters.Select(parameter => $", {CText.ToRaw(parameter.Type, parameter.Name)}").Concat(Lengths(function, upcall)));
        return function.Result.Kind == CKind.Void
            ? ["{", $"\tMD_UPCALL({plan}, int, 0{arguments});", "}"]
            : ["{", $"\treturn MD_UPCALL({plan}, {Travels(function.Result)}, {WhenFailed.Value(function.Result, "md_error")}{arguments});", "}"];
    }

    /// <summary>Hidden arguments: how many bytes each array has, as the kernel tells when it calls.</summary>
    private static IEnumerable<string> Lengths(Function function, Upcall upcall) =>
        upcall.Parameters.Select(p => p.Length).OfType<string>()
            .Select(length => ", " + Argument().Replace(length, match => function.Parameters[int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)].Name));

    [GeneratedRegex(@"\ba(\d+)\b")]
    private static partial Regex Argument();

    /// <summary>The type to read the result's machine word as, of which only the lower bytes are to be trusted.</summary>
    private static string Travels(CType type) => type switch
    {
        { IsPointer: true } => "void *",
        { Kind: CKind.Bool } => "unsigned char",
        _ => CText.Name(type),
    };
}
