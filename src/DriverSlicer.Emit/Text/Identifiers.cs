// SPDX-License-Identifier: GPL-2.0-only
using System.Text.RegularExpressions;

namespace DriverSlicer.Emit.Text;

/// <summary>
/// The identifiers that a text mentions outside of comments and literals, in dead and inactive code and in macros as well. The name that a
/// function declaration declares is no mention.
/// </summary>
internal static partial class Identifiers
{
    public static IEnumerable<string> In(string text)
    {
        var depth = 0;
        var inDirective = false;
        foreach (Match token in Token().Matches(text))
        {
            switch (token.Value)
            {
                case "\n":
                    inDirective = false;
                    break;
                case "{":
                    depth += inDirective ? 0 : 1;
                    break;
                case "}":
                    depth -= inDirective ? 0 : 1;
                    break;
                case var value when value.EndsWith('#'):
                    inDirective = true;
                    break;
                case var value when char.IsAsciiLetter(value[0]) || value[0] == '_':
                    if (depth > 0 || inDirective || !token.Groups["open"].Success)
                    {
                        yield return token.Groups["name"].Value;
                    }

                    break;
            }
        }
    }

    [GeneratedRegex(
        """/\*.*?\*/|//[^\n]*|"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])*'|\d\w*|\\\n|\n|[{}]|^[ \t]*\#|(?<name>[A-Za-z_]\w*)(?<open>\s*\()?""",
        RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Token();
}
