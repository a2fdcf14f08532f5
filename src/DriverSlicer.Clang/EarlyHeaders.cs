// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using System.Text.RegularExpressions;

namespace DriverSlicer.Clang;

/// <summary>
/// A unit that is no more than <c>#define VARIANT</c> and <c>#include "other.c"</c> has no place behind its headers. Those of the kernel that
/// the other file includes are then included first, under its conditions, so that the shims find what they need, and replace it.
/// </summary>
internal static partial class EarlyHeaders
{
    /// <summary>Directives, each with its newline; null if the unit has headers before <paramref name="offset"/>, or includes no .c file.</summary>
    public static string? Of(CompiledUnit unit, string directory, int offset)
    {
        if (Include().IsMatch(Encoding.UTF8.GetString(unit.Text.AsSpan(..offset))))
            return null;
        var code = Code().Match(Encoding.UTF8.GetString(unit.Text.AsSpan(offset..)));
        var path = Path.Combine(directory, Path.GetDirectoryName(unit.Path) ?? "", code.Groups[1].Value);
        if (!code.Success || !File.Exists(path))
            return null;
        var text = File.ReadAllBytes(path);
        // Definitions too, since a header may go by them; the same definition twice is none too many.
        var before = Encoding.UTF8.GetString(text.AsSpan(..InsertionPoint.Find(text, out _)));
        var kept = Directive().Matches(before).Select(d => d.Value.Trim()).Where(d => Kept().IsMatch(d)).ToList();
        var open = kept.Count(d => Condition().IsMatch(d)) - kept.Count(d => End().IsMatch(d));
        return string.Concat(kept.Concat(Enumerable.Repeat("#endif", Math.Max(open, 0))).Select(d => d + "\n"));
    }

    [GeneratedRegex(@"^[ \t]*#[ \t]*include\b", RegexOptions.Multiline)]
    private static partial Regex Include();

    [GeneratedRegex(@"^[ \t]*#[ \t]*include[ \t]*""([^""]+\.c)""", RegexOptions.Multiline)]
    private static partial Regex Code();

    // With its continuation lines.
    [GeneratedRegex(@"^[ \t]*#(?:\\\n|[^\n])*", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex(@"^#[ \t]*(include[ \t]*<|define|undef|if|el|endif)")]
    private static partial Regex Kept();

    [GeneratedRegex(@"^#[ \t]*if")]
    private static partial Regex Condition();

    [GeneratedRegex(@"^#[ \t]*endif")]
    private static partial Regex End();
}
