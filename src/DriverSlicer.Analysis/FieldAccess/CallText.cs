// SPDX-License-Identifier: GPL-2.0-only
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>
/// The arguments of a call as they are written, for what the facts do not carry: string literals, and constants that macros pass through
/// variables. A text that does not look like the expected call gives nothing.
/// </summary>
internal sealed partial class CallText(DriverModel model)
{
    private readonly Dictionary<string, string[]> lines = model.Files
        .SelectMany(f => f.Included.Select(i => (i.Path, i.Text)).Prepend((f.Path, f.Text)))
        .DistinctBy(f => f.Item1).ToDictionary(f => f.Item1, f => f.Item2.Split('\n'));

    /// <summary>What is printed for the variable arguments, in order; null unless the format stands in the call and has that many.</summary>
    public string[]? Conversions(Location location, int count)
    {
        var literals = Arguments(location).Select(a => Literal().Matches(a)).Where(m => m.Count > 0)
            .Select(m => string.Concat(m.Select(x => x.Groups[1].Value))).ToArray();
        var all = literals.SelectMany(l => Conversion().Matches(l)).Where(m => m.Value != "%%")
            .SelectMany(m => Enumerable.Repeat("*", m.Value.Count(c => c == '*')).Append(m.Groups[1].Value)).ToArray();
        return all.Length == count && literals.Length > 0 ? all : null;
    }

    /// <summary>The last argument, where it is a plain number or the size of what another one points to (-1).</summary>
    public long? Size(Location location)
    {
        var arguments = Arguments(location);
        if (arguments.Length == 0)
            return null;
        var last = arguments[^1].Trim();
        if (long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        var pointer = SizeOfPointee().Match(last);
        return pointer.Success && arguments.Any(a => a.Trim() == pointer.Groups[1].Value) ? -1 : null;
    }

    private string[] Arguments(Location location)
    {
        if (!lines.TryGetValue(location.File, out var file) || location.Line < 1 || location.Line > file.Length)
            return [];
        var text = string.Join('\n', file.Skip(location.Line - 1).Take(40));
        var at = Math.Min(Math.Max(0, location.Column - 1), text.Length);
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
            at++;
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return at < text.Length && text[at] == '(' ? Split(text, at + 1) : [];
    }

    private static string[] Split(string text, int at)
    {
        var arguments = new List<string>();
        var argument = new StringBuilder();
        for (var depth = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (c is '"' or '\'')
            {
                var end = Quoted(text, at);
                argument.Append(text, at, end - at);
                at = end - 1;
                continue;
            }

            if (c is ')' && depth == 0)
                return [.. arguments, argument.ToString()];
            depth += c is '(' or '[' or '{' ? 1 : c is ')' or ']' or '}' ? -1 : 0;
            if (c == ',' && depth == 0)
            {
                arguments.Add(argument.ToString());
                argument.Clear();
            }
            else
            {
                argument.Append(c);
            }
        }

        return [];
    }

    private static int Quoted(string text, int at)
    {
        var quote = text[at++];
        while (at < text.Length && text[at] != quote)
            at += text[at] == '\\' ? 2 : 1;
        return Math.Min(at + 1, text.Length);
    }

    [GeneratedRegex("\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Literal();

    /// <summary>Group 1: the conversion's letter; of a pointer also what follows it.</summary>
    [GeneratedRegex(@"%[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|L|z|t|q)?(p[A-Za-z]*|[a-zA-Z]|%)")]
    private static partial Regex Conversion();

    [GeneratedRegex(@"^sizeof\s*\(\s*\*\s*\(?\s*([A-Za-z_][\w>.-]*?)\s*\)?\s*\)$")]
    private static partial Regex SizeOfPointee();
}
