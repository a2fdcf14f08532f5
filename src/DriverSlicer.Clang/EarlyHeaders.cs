// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using System.Text.RegularExpressions;

namespace DriverSlicer.Clang;

/// <summary>
/// A unit that is no more than <c>#define VARIANT</c> and <c>#include "other.c"</c> has no place behind its headers. Those of the kernel that
/// the other file includes are then included first, so that the shims find what they need, and replace it.
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
        var depth = 0;
        var headers = new StringBuilder();
        foreach (var line in lines.Select(l => l.Trim()))
        {
            depth += Condition().IsMatch(line) ? 1 : End().IsMatch(line) ? -1 : 0;
            if (depth == 0 && Header().Match(line) is { Success: true } header)
                headers.Append($"#include <{header.Groups[1].Value}>\n");
        }

        return headers.ToString();
    }

    [GeneratedRegex(@"^[ \t]*#[ \t]*include\b", RegexOptions.Multiline)]
    private static partial Regex Include();

    [GeneratedRegex(@"^[ \t]*#[ \t]*include[ \t]*""([^""]+\.c)""", RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^#[ \t]*if")]
    private static partial Regex Condition();

    [GeneratedRegex(@"^#[ \t]*endif")]
    private static partial Regex End();

    [GeneratedRegex(@"^#[ \t]*include[ \t]*<([^>]+)>")]
    private static partial Regex Header();
}
