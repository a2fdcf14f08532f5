// SPDX-License-Identifier: GPL-2.0-only
using System.Text;

namespace DriverSlicer.Clang;

/// <summary>
/// Where shims go in a driver's file: after the last #include of a header that stands outside every conditional and before the
/// first function body. If all headers and that body stand inside one, after the last header there. Included .c files count as code, so the
/// point is before them.
/// </summary>
internal static class InsertionPoint
{
    /// <summary>Byte offset of the start of a line; <paramref name="line"/> is that line's 1-based number.</summary>
    public static int Find(ReadOnlySpan<byte> text, out int line)
    {
        int conditionals = 0, braces = 0, parentheses = 0, current = 1, offset = 0, best = 0, bestLine = 1;
        // After the last header of a conditional that is still open.
        int inside = -1, insideLine = 0, insideDepth = 0;
        bool afterParameters = false, includedInside = false;
        while (offset < text.Length)
        {
            var start = SkipBlank(text, offset, ref current);
            if (start >= text.Length)
                break;
            if (text[start] == '#')
            {
                var startLine = current;
                var end = DirectiveEnd(text, start, ref current);
                var directive = Encoding.UTF8.GetString(text[(start + 1)..end]).Trim();
                if (directive.StartsWith("if", StringComparison.Ordinal))
                    conditionals++;
                else if (directive.StartsWith("endif", StringComparison.Ordinal))
                {
                    // Headers included under a condition must not see the shims either: go past the whole block.
                    if (--conditionals == 0 && includedInside && braces == 0)
                        (best, bestLine) = (end, current);
                    includedInside &= conditionals > 0;
                    if (conditionals < insideDepth)
                        inside = -1;
                }
                else if (directive.StartsWith("el", StringComparison.Ordinal) && conditionals <= insideDepth)
                {
                    inside = -1;
                }
                else if (directive.StartsWith("include", StringComparison.Ordinal))
                {
                    if (directive.Contains(".c\"", StringComparison.Ordinal))
                    {
                        // The other file's headers are put here (EarlyHeaders): behind what it is told by #define.
                        if (best == 0 && conditionals == 0)
                            (best, bestLine) = (start, startLine);
                        break;
                    }

                    includedInside = conditionals > 0;
                    if (includedInside && braces == 0)
                        (inside, insideLine, insideDepth) = (end, current, conditionals);
                    if (conditionals == 0 && braces == 0)
                        (best, bestLine) = (end, current);
                }

                offset = end;
                continue;
            }

            // Ordinary text up to the line's end: a brace that follows a parameter list opens the first function body.
            offset = start;
            while (offset < text.Length && text[offset] != '\n')
            {
                var skipped = CText.SkipComment(text, offset, out var newlines);
                if (skipped > offset)
                {
                    current += newlines;
                    offset = skipped;
                    continue;
                }

                var b = text[offset];
                if (b is (byte)'"' or (byte)'\'')
                {
                    offset = CText.SkipQuoted(text, offset);
                    continue;
                }

                if (b == '(')
                    parentheses++;
                else if (b == ')' && --parentheses == 0)
                    afterParameters = braces == 0;
                else if (b is (byte)';' or (byte)'=' && parentheses == 0)
                    afterParameters = false;
                else if (b == '{' && braces++ == 0 && afterParameters)
                    return best == 0 && inside >= 0 && !HasAlternative(text[offset..], conditionals - insideDepth)
                        ? Result(inside, insideLine, out line) : Result(best, bestLine, out line);
                else if (b == '}')
                    braces--;
                offset++;
            }
        }

        return Result(best, bestLine, out line);
    }

    /// <summary>Is there an #else or #elif of a conditional that is open, so many inner ones being open as well?</summary>
    private static bool HasAlternative(ReadOnlySpan<byte> text, int inner)
    {
        foreach (var line in Encoding.UTF8.GetString(text).Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith('#')).Select(l => l[1..].Trim()))
        {
            if (inner == 0 && line.StartsWith("el", StringComparison.Ordinal))
                return true;
            inner += line.StartsWith("if", StringComparison.Ordinal) ? 1 : line.StartsWith("endif", StringComparison.Ordinal) ? -1 : 0;
            if (inner < 0)
                return false;
        }

        return false;
    }

    private static int Result(int offset, int at, out int line)
    {
        line = at;
        return offset;
    }

    private static int SkipBlank(ReadOnlySpan<byte> text, int offset, ref int line)
    {
        while (offset < text.Length)
        {
            var skipped = CText.SkipComment(text, offset, out var newlines);
            if (skipped > offset)
            {
                line += newlines;
                offset = skipped;
            }
            else if (text[offset] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\f' or (byte)'\n')
            {
                if (text[offset++] == '\n')
                    line++;
            }
            else
            {
                break;
            }
        }

        return offset;
    }

    /// <summary>After the newline that ends the directive, continuation lines and comments included.</summary>
    private static int DirectiveEnd(ReadOnlySpan<byte> text, int offset, ref int line)
    {
        while (offset < text.Length)
        {
            var skipped = CText.SkipComment(text, offset, out var newlines);
            if (skipped > offset)
            {
                line += newlines;
                offset = skipped;
                continue;
            }

            if (text[offset] == '\\' && offset + 1 < text.Length && text[offset + 1] == '\n')
                offset++;
            else if (text[offset] == '\n')
            {
                line++;
                return offset + 1;
            }

            if (text[offset] == '\n')
                line++;
            offset++;
        }

        return text.Length;
    }
}
