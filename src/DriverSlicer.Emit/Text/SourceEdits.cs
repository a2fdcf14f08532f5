// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
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
