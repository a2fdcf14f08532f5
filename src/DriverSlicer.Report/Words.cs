// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Report;

/// <summary>Names of the model's values as the page writes them.</summary>
internal static class Words
{
    public static string Of<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static string Of(SlicePlan plan, Pass pass) => pass.Kind switch
    {
        PassKind.Object => TypeName(plan, pass.Type) + " *",
        PassKind.Array => $"{(pass.Type < 0 ? "bytes" : TypeName(plan, pass.Type))}[{pass.Length} bytes]",
        PassKind.Scalar => $"{pass.Size * 8} bits",
        var kind => Of(kind),
    };

    public static string Of(SlicePlan plan, DownParameter parameter) => parameter.Kind switch
    {
        DownParameterKind.Object => TypeName(plan, parameter.Type) + " *",
        DownParameterKind.Scalar => parameter.CType.Spelling,
        DownParameterKind.Buffer => $"buffer of {parameter.Size} bytes{(parameter.In ? " in" : "")}{(parameter.Out ? " out" : "")}",
        DownParameterKind.StringKept => "string, kept",
        var kind => Of(kind),
    };

    public static string Of(SlicePlan plan, DownResult result) => result.Kind switch
    {
        DownResultKind.Object => TypeName(plan, result.Type) + " *",
        DownResultKind.Scalar => result.CType.Spelling,
        DownResultKind.Allocation or DownResultKind.Mmio => $"{Of(result.Kind)} {result.Size}".TrimEnd(),
        var kind => Of(kind),
    };

    public static string TypeName(SlicePlan plan, int type) =>
        type < 0 ? "?" : plan.Types[type].Spelling is { Length: > 0 } spelling ? spelling : $"type {type}";
}
