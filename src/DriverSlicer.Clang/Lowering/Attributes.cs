// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DriverSlicer.Clang.Native;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Lowering;

/// <summary>
/// Attributes of a declaration. libclang has no accessor for most of them; its pretty printer writes them all, macros resolved.
/// </summary>
internal static partial class Attributes
{
    private const int TerseOutput = 17;

    public static ImmutableArray<string> Of(CXCursor declaration)
    {
        var text = Text(declaration);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (Match section in Section().Matches(text))
        {
            var name = section.Groups[1].Value;
            found.Add(name switch { ".init.text" => "init", ".exit.text" => "exit", _ => "section:" + name });
        }

        foreach (Match alias in Alias().Matches(text))
            found.Add("alias:" + alias.Groups[1].Value);
        foreach (Match format in Format().Matches(text))
            found.Add("format:" + format.Groups[1].Value);
        foreach (var plain in (string[])["always_inline", "noreturn", "weak", "noinline"])
        {
            if (Regex.IsMatch(text, $@"\b(__)?{plain}(__)?\b") || (plain == "noreturn" && text.Contains("_Noreturn", StringComparison.Ordinal)))
                found.Add(plain);
        }

        return [.. found];
    }

    /// <summary>The function that is called with a local variable's address where its scope ends, or null.</summary>
    public static string? CleanupOf(CXCursor variable) =>
        variable.Children().Any(c => (int)c.Kind is >= 400 and <= 499) && Cleanup().Match(Text(variable)) is { Success: true } found ? found.Groups[1].Value : null;

    private static string Text(CXCursor declaration)
    {
        var policy = clang_getCursorPrintingPolicy(declaration);
        clang_PrintingPolicy_setProperty(policy, TerseOutput, 1);
        var text = TakeString(clang_getCursorPrettyPrinted(declaration, policy));
        clang_PrintingPolicy_dispose(policy);
        return text;
    }

    [GeneratedRegex(@"__attribute__\(\(cleanup\((\w+)\)\)\)")]
    private static partial Regex Cleanup();

    [GeneratedRegex("section\\(\"([^\"]+)\"\\)")]
    private static partial Regex Section();

    [GeneratedRegex("alias\\(\"([^\"]+)\"\\)")]
    private static partial Regex Alias();

    [GeneratedRegex(@"format\((?:__)?(?:gnu_)?printf(?:__)?, *(\d+)")]
    private static partial Regex Format();
}
