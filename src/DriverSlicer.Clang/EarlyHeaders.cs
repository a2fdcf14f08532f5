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
    /// <summary>#include lines, each with its newline; empty if the unit has headers before <paramref name="offset"/>, or includes no .c file.</summary>
    public static string Of(CompiledUnit unit, string directory, int offset)
    {
        if (Include().IsMatch(Encoding.UTF8.GetString(unit.Text.AsSpan(..offset))))
            return "";
        var code = Code().Match(Encoding.UTF8.GetString(unit.Text.AsSpan(offset..)));
        var path = Path.Combine(directory, Path.GetDirectoryName(unit.Path) ?? "", code.Groups[1].Value);
        if (!code.Success || !File.Exists(path))
            return "";
        var text = File.ReadAllBytes(path);
        var lines = Encoding.UTF8.GetString(text.AsSpan(..InsertionPoint.Find(text, out _))).Split('\n');
        return string.Concat(lines.Select(l => l.Trim()).Where(l => Kept().IsMatch(l)).Select(l => l + "\n"));
    }

    [GeneratedRegex(@"^[ \t]*#[ \t]*include\b", RegexOptions.Multiline)]
    private static partial Regex Include();

    [GeneratedRegex(@"^[ \t]*#[ \t]*include[ \t]*""([^""]+\.c)""", RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^#[ \t]*(include[ \t]*<|if|el|endif)")]
    private static partial Regex Kept();
}
