// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace DriverSlicer.Clang.Lowering;

/// <summary>What can be read of an asm statement's text.</summary>
/// <param name="Outputs">Constraint of each output operand.</param>
/// <param name="Known">The statement was found at the location; else nothing is known about it.</param>
internal sealed record AsmText(string Template, bool IsGoto, ImmutableArray<string> Outputs, bool Known)
{
    private static readonly AsmText Unknown = new("", false, [], false);

    public static AsmText Parse(ReadOnlySpan<byte> source)
    {
        var text = Encoding.UTF8.GetString(source[..Math.Min(source.Length, 8000)]).Replace("\\\n", "\n", StringComparison.Ordinal);
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var keyword = open < 0 ? "" : text[..open];
        if (!keyword.TrimStart().StartsWith("asm", StringComparison.Ordinal) && !keyword.TrimStart().StartsWith("__asm", StringComparison.Ordinal))
            return Unknown;
        var sections = Sections(text, open + 1);
        var outputs = sections.Count < 2 ? [] : Split(sections[1], ',').Where(o => o.Trim().Length > 0).Select(Constraint);
        return new AsmText(Instructions(sections[0]), keyword.Contains("goto", StringComparison.Ordinal), [.. outputs], true);
    }

    /// <summary>
    /// Whether memory operand <paramref name="number"/>, given as an input, may be written all the same (<c>bts %1,%0</c> with a
    /// memory clobber): yes unless each instruction is known to have its destination, the last operand, elsewhere.
    /// </summary>
    public bool MayWrite(int number)
    {
        var plain = Regex.Replace(Template, @"\{(LOCK_PREFIX|__ASM_SIZE|CC_SET|size)\}|(?<=\{CC_SET\})\{\w+\}", "");
        plain = Regex.Replace(plain, @"^\s*\{(\w+)\}", "$1");
        if (!Known || plain.Contains('{', StringComparison.Ordinal) || plain.Trim().Length == 0)
            return !Known || plain.Trim().Length > 0;
        foreach (var instruction in plain.Split('\n', ';'))
        {
            var mnemonic = Regex.Match(instruction, @"[a-z]\w*").Value;
            if (Regex.IsMatch(mnemonic, "^(bt[wlq]?|cmp[bwlq]?|test[bwlq]?|prefetch.*)$"))
                continue;
            var last = Regex.Match(instruction.Split(',')[^1], @"%[a-z]?(?:(\d+)|\[)");
            if (last.Success && (!last.Groups[1].Success || int.Parse(last.Groups[1].Value) == number))
                return true;
        }

        return false;
    }

    private static List<string> Sections(string text, int start)
    {
        var depth = 1;
        var end = start;
        for (; end < text.Length && depth > 0; end++)
        {
            if (text[end] == '"')
                end = Quoted(text, end) - 1;
            else if (text[end] == '(')
                depth++;
            else if (text[end] == ')')
                depth--;
        }

        return Split(text[start..Math.Max(start, end - 1)], ':');
    }

    private static List<string> Split(string text, char separator)
    {
        var parts = new List<string>();
        int depth = 0, from = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
                i = Quoted(text, i) - 1;
            else if (text[i] is '(' or '[' or '{')
                depth++;
            else if (text[i] is ')' or ']' or '}')
                depth--;
            else if (text[i] == separator && depth == 0)
            {
                parts.Add(text[from..i]);
                from = i + 1;
            }
        }

        parts.Add(text[from..]);
        return parts;
    }

    private static string Constraint(string operand)
    {
        var quote = operand.IndexOf('"', StringComparison.Ordinal);
        // CC_OUT(c) is a register output; any other macro (WBYTE_ADDR) may hide a memory operand.
        return quote < 0 || operand.IndexOf('(', StringComparison.Ordinal) is var paren and >= 0 && paren < quote
            ? operand.Contains("CC_OUT", StringComparison.Ordinal) ? "=" : "+"
            : operand[(quote + 1)..Math.Max(quote + 1, Quoted(operand, quote) - 1)];
    }

    private static string Instructions(string section)
    {
        var result = new StringBuilder();
        for (var i = 0; i < section.Length; i++)
        {
            if (section[i] == '"')
            {
                var end = Quoted(section, i);
                result.Append(section, i + 1, Math.Max(0, end - i - 2));
                i = end - 1;
            }
            else if (char.IsAsciiLetter(section[i]) || section[i] == '_')
            {
                // A macro inside the template (LOCK_PREFIX, ALTERNATIVE): its name stands for it.
                var end = i;
                while (end < section.Length && (char.IsAsciiLetterOrDigit(section[end]) || section[end] == '_'))
                    end++;
                result.Append('{').Append(section, i, end - i).Append('}');
                i = end - 1;
            }
        }

        return result.ToString().Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal).Trim();
    }

    private static int Quoted(string text, int i)
    {
        for (i++; i < text.Length && text[i] != '"'; i++)
        {
            if (text[i] == '\\')
                i++;
        }

        return Math.Min(i + 1, text.Length);
    }
}
