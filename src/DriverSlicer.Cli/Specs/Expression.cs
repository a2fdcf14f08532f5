// SPDX-License-Identifier: GPL-2.0-only
using System.Text.RegularExpressions;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Specs;

/// <summary>
/// C expressions in specifications end up in generated code, so a slip should show here and not in the C compiler: only operators,
/// numbers and names, with balanced parentheses, and every free name is a0.., r, sizeof, a struct, a cast's type or a function.
/// </summary>
internal static partial class Expression
{
    public static string Checked(Location at, string key, string text)
    {
        if (!Shape().IsMatch(text))
            throw SpecTrouble.Malformed(at, key, $"is no C expression: '{text}'");
        var depth = 0;
        foreach (var letter in text)
        {
            depth += letter == '(' ? 1 : letter == ')' ? -1 : 0;
            if (depth < 0)
                break;
        }

        return depth == 0 ? text : throw SpecTrouble.Malformed(at, key, $"has unbalanced parentheses: '{text}'");
    }

    [GeneratedRegex(@"^[A-Za-z0-9_\s()*+\-/%<>=!&|?:.,\[\]~^]+$")]
    private static partial Regex Shape();
}
