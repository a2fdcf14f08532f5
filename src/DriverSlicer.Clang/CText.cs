// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Clang;

/// <summary>Small questions to C text that no parser needs to answer.</summary>
internal static class CText
{
    public static bool IsWord(byte b) => b == '_' || (b | 32) is >= 'a' and <= 'z' || b is >= (byte)'0' and <= (byte)'9';

    public static string IdentifierAt(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && IsWord(text[length]))
            length++;
        return System.Text.Encoding.ASCII.GetString(text[..length]);
    }

    /// <summary>Lines that hold anything besides white space and comments.</summary>
    public static int CodeLines(ReadOnlySpan<byte> text)
    {
        int lines = 0, i = 0;
        var counted = false;
        while (i < text.Length)
        {
            var skipped = SkipComment(text, i, out var newlines);
            if (skipped > i)
            {
                if (newlines > 0)
                    counted = false;
                i = skipped;
                continue;
            }

            if (text[i] == '\n')
            {
                counted = false;
            }
            else if (text[i] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\f'))
            {
                if (!counted)
                    lines++;
                counted = true;
                if (text[i] is (byte)'"' or (byte)'\'')
                    i = SkipQuoted(text, i) - 1;
            }

            i++;
        }

        return lines;
    }

    /// <summary>Offset after the comment that starts at <paramref name="i"/>, or <paramref name="i"/> when none does.</summary>
    public static int SkipComment(ReadOnlySpan<byte> text, int i, out int newlines)
    {
        newlines = 0;
        if (i + 1 >= text.Length || text[i] != '/')
            return i;
        if (text[i + 1] == '/')
        {
            while (i < text.Length && text[i] != '\n')
                i++;
            return i;
        }

        if (text[i + 1] != '*')
            return i;
        for (i += 2; i < text.Length; i++)
        {
            if (text[i] == '\n')
                newlines++;
            if (text[i] == '*' && i + 1 < text.Length && text[i + 1] == '/')
                return i + 2;
        }

        return text.Length;
    }

    public static int SkipQuoted(ReadOnlySpan<byte> text, int i)
    {
        var quote = text[i++];
        while (i < text.Length && text[i] != quote && text[i] != '\n')
            i += text[i] == '\\' ? 2 : 1;
        return Math.Min(i + 1, text.Length);
    }
}
