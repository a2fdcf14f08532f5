// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using System.Text.RegularExpressions;

namespace DriverSlicer.Emit.Text;

/// <summary>
/// What is left of a function that is taken out: as many newlines as it had, so that the rest keeps its line numbers, and its
/// preprocessor lines, because an #if may reach over its end and a macro that it defines may be used further down.
/// </summary>
internal static partial class Blank
{
    public static string Out(string removed)
    {
        var kept = new StringBuilder();
        foreach (var (line, isDirective) in LinesOf(removed))
        {
            if (isDirective)
            {
                kept.Append(line);
            }

            kept.Append('\n');
        }

        kept.Length--;
        return kept.ToString();
    }

    /// <summary>The braces of a piece of code that have no partner in it: blocks that it closes, then blocks that it opens.</summary>
    public static string Braces(string text)
    {
        var (closed, open) = (0, 0);
        var code = string.Join('\n', LinesOf(text).Select(line => line.IsDirective ? "" : line.Line));
        foreach (Match token in Brace().Matches(code))
        {
            if (token.Value == "{")
            {
                open++;
            }
            else if (token.Value == "}")
            {
                (closed, open) = open > 0 ? (closed, open - 1) : (closed + 1, open);
            }
        }

        return new string('}', closed) + new string('{', open);
    }

    [GeneratedRegex("""/\*.*?\*/|//[^\n]*|"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])*'|[{}]""", RegexOptions.Singleline)]
    private static partial Regex Brace();

    public static bool HasDirectives(string text) => LinesOf(text).Any(line => line.IsDirective);

    /// <summary>
    /// <paramref name="stub"/> in place of <paramref name="body"/>, with the same number of newlines: on lines of its own where there is
    /// room, else with all statements on one line between the braces, else on the first line.
    /// </summary>
    public static string Fit(string body, IReadOnlyList<string> stub)
    {
        var room = body.Count(c => c == '\n');
        if (HasDirectives(body) || room < 2)
        {
            return Joined(stub) + Out(body);
        }

        IReadOnlyList<string> lines = room >= stub.Count - 1 ? stub : [stub[0], "\t" + Joined(stub.Skip(1).SkipLast(1)), stub[^1]];
        return string.Join('\n', lines) + new string('\n', room - lines.Count + 1);
    }

    public static string Joined(IEnumerable<string> lines) => string.Join(' ', lines.Select(line => line.Trim()).Where(line => line.Length > 0));

    private static IEnumerable<(string Line, bool IsDirective)> LinesOf(string text)
    {
        var inComment = false;
        var inDirective = false;
        var first = true;
        foreach (var line in text.Split('\n'))
        {
            // The first piece starts in the middle of a line: nothing there can be a directive.
            var isDirective = inDirective || (!first && !inComment && line.TrimStart().StartsWith('#'));
            inComment = EndsInComment(line, inComment);
            // It goes on behind a backslash, and to the end of a comment that it opens.
            inDirective = isDirective && (inComment || line.TrimEnd('\r').EndsWith('\\'));
            first = false;
            yield return (line, isDirective);
        }
    }

    private static bool EndsInComment(string line, bool inComment)
    {
        var quote = '\0';
        for (var i = 0; i < line.Length; i++)
        {
            var next = i + 1 < line.Length ? line[i + 1] : '\0';
            if (inComment)
            {
                if (line[i] == '*' && next == '/')
                {
                    inComment = false;
                    i++;
                }
            }
            else if (quote != '\0')
            {
                if (line[i] == '\\')
                {
                    i++;
                }
                else if (line[i] == quote)
                {
                    quote = '\0';
                }
            }
            else if (line[i] is '"' or '\'')
            {
                quote = line[i];
            }
            else if (line[i] == '/' && next == '/')
            {
                return false;
            }
            else if (line[i] == '/' && next == '*')
            {
                inComment = true;
                i++;
            }
        }

        return inComment;
    }
}
