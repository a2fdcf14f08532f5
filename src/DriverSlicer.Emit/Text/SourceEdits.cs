// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using System.Text.RegularExpressions;
using DriverSlicer.Model;

namespace DriverSlicer.Emit.Text;

/// <summary>
/// Replacements in one original text, at the UTF-8 byte offsets that the front end works with. Applied together, so that every
/// offset means the original text.
/// </summary>
internal sealed class SourceEdits(string path, string original)
{
    private readonly byte[] _bytes = Encoding.UTF8.GetBytes(original);
    private readonly List<(int Start, int End, string Text)> _edits = [];

    public string Slice(int start, int end) => Encoding.UTF8.GetString(_bytes, start, end - start);

    public string Slice(Extent extent) => Slice(extent.Start, extent.End);

    public void Replace(Extent extent, string text) => _edits.Add((extent.Start, extent.End, text));

    public void Insert(int offset, string text) => _edits.Add((offset, offset, text));

    /// <summary>1-based line that the byte at <paramref name="offset"/> stands on.</summary>
    public int LineAt(int offset) => 1 + _bytes.AsSpan(0, offset).Count((byte)'\n');

    /// <summary>Offset of a 1-based line and column; columns count bytes.</summary>
    public int OffsetOf(int line, int column)
    {
        var at = 0;
        for (var i = 1; i < line; i++)
        {
            at = Array.IndexOf(_bytes, (byte)'\n', at) + 1;
        }

        return at + column - 1;
    }

    /// <summary>Offset of the match of <paramref name="what"/> that starts last before <paramref name="offset"/>.</summary>
    public int LastBefore(int offset, Regex what)
    {
        var before = Slice(0, offset);
        return Encoding.UTF8.GetByteCount(before.AsSpan(0, what.Match(before).Index));
    }

    public char At(int offset) => offset < _bytes.Length ? (char)_bytes[offset] : '\0';

    /// <summary>Offset of the next of <paramref name="ends"/> outside of brackets and literals opened after <paramref name="offset"/>.</summary>
    public int Skip(int offset, params ReadOnlySpan<char> ends)
    {
        var depth = At(offset) == '[' ? -1 : 0;
        for (var at = offset; at < _bytes.Length; at++)
        {
            var c = At(at);
            if (depth <= 0 && ends.Contains(c))
            {
                return at;
            }

            if (c is '"' or '\'')
            {
                for (at++; At(at) != c; at++)
                {
                    at += At(at) == '\\' ? 1 : 0;
                }
            }

            depth += c switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
        }

        throw new InvalidOperationException($"{path}: nothing ends the declaration at byte {offset}");
    }

    /// <summary>True when <paramref name="offset"/> starts a line that is empty.</summary>
    public bool IsBlankLineAt(int offset) => offset < _bytes.Length && _bytes[offset] == '\n' && (offset == 0 || _bytes[offset - 1] == '\n');

    /// <summary>True when <paramref name="offset"/> is the first byte of a line.</summary>
    public bool IsLineStart(int offset) => offset == 0 || _bytes[offset - 1] == '\n';

    public string Apply()
    {
        var result = new StringBuilder();
        var at = 0;
        foreach (var (start, end, text) in _edits.OrderBy(edit => edit.Start).ThenBy(edit => edit.End))
        {
            if (start < at || end < start || end > _bytes.Length)
            {
                throw new InvalidOperationException($"{path}: the ranges of two functions overlap, or one leaves the file, at byte {start}");
            }

            result.Append(Slice(at, start)).Append(text);
            at = end;
        }

        return result.Append(Slice(at, _bytes.Length)).ToString();
    }
}
