// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using System.Text.RegularExpressions;

namespace DriverSlicer.Clang.Outlining;

/// <summary>Questions to the text around a region that the syntax tree does not answer.</summary>
internal static partial class RegionText
{
    /// <summary>Offset after the semicolon of <c>name(...);</c> that starts at <paramref name="start"/>, or -1 if that is not what stands there.</summary>
    public static int CallEnd(ReadOnlySpan<byte> text, int start)
    {
        var i = start + CText.IdentifierAt(text[start..]).Length;
        if (i == start)
            return -1;
        i = SkipBlank(text, i);
        if (i >= text.Length || text[i] != '(')
            return -1;
        for (var depth = 0; i < text.Length;)
        {
            i = Next(text, i, ref depth);
            if (depth == 0)
                break;
        }

        i = SkipBlank(text, i);
        return i < text.Length && text[i] == ';' ? i + 1 : -1;
    }

    /// <summary>Offset after the statement that the syntax tree has from <paramref name="start"/> to <paramref name="end"/>, or -1 if the text does not end there.</summary>
    public static int StatementEnd(ReadOnlySpan<byte> text, int start, int end)
    {
        var depth = 0;
        var i = start;
        while (i < end)
            i = Next(text, i, ref depth);
        if (i != end || depth != 0 || i == start)
            return -1;
        // An assignment of ({ }) or of (struct s){ } has one behind the brace, too.
        var isBraced = text[i - 1] == '}';
        var next = SkipBlank(text, i);
        return next < text.Length && text[next] == ';' ? next + 1 : isBraced ? i : -1;
    }

    /// <summary>Past a comment, a literal or one character; brackets and braces change the depth.</summary>
    private static int Next(ReadOnlySpan<byte> text, int i, ref int depth)
    {
        var next = CText.SkipComment(text, i, out _);
        if (next > i)
            return next;
        if (text[i] is (byte)'"' or (byte)'\'')
            return CText.SkipQuoted(text, i);
        depth += text[i] is (byte)'(' or (byte)'{' ? 1 : text[i] is (byte)')' or (byte)'}' ? -1 : 0;
        return i + 1;
    }

    /// <summary>Why this text would not mean the same at the end of the file, or null.</summary>
    public static string? Obstacle(string region, string before, string after)
    {
        var depth = 0;
        foreach (Match directive in Directive().Matches(region))
        {
            var word = directive.Groups[1].Value;
            depth += word.StartsWith("if", StringComparison.Ordinal) ? 1 : word == "endif" ? -1 : 0;
            var isCondition = word.StartsWith("if", StringComparison.Ordinal) || word is "endif" or "else" or "elif";
            if (!isCondition || depth < 0 || (depth == 0 && word != "endif"))
                return $"#{word} in the region";
        }

        if (depth != 0)
            return "a conditional of the preprocessor begins in the region and ends behind it";
        var later = Directive().Matches(after);
        if (later.Any(d => d.Groups[1].Value == "include"))
            return "an #include follows the function";
        // Macros that the region may use, by itself or through those defined before it.
        var used = region + string.Concat(Directive().Matches(before).Where(d => d.Groups[1].Value == "define").Select(d => d.Value));
        var names = Words().Matches(used).Select(m => m.Value).ToHashSet(StringComparer.Ordinal);
        return later.Where(d => d.Groups[1].Value is "define" or "undef").Select(d => d.Groups[2].Value).FirstOrDefault(names.Contains) is { } changed
            ? $"the macro {changed} changes further down"
            : null;
    }

    public static int LineOf(ReadOnlySpan<byte> text, int offset) => text[..offset].Count((byte)'\n') + 1;

    public static string Utf8(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);

    private static int SkipBlank(ReadOnlySpan<byte> text, int i)
    {
        while (i < text.Length && text[i] is (byte)' ' or (byte)'\t' or (byte)'\n')
            i++;
        return i;
    }

    // With its continuation lines.
    [GeneratedRegex(@"^[ \t]*#[ \t]*(\w+)[ \t]*(\w*)(?:\\\n|[^\n])*", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex(@"[A-Za-z_]\w*")]
    private static partial Regex Words();
}
