// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Clang.Lowering;

/// <summary>
/// Clang's extent of a function leaves out attribute macros written before the first specifier (<c>__init static int f</c>):
/// walk back over the words that belong to it.
/// </summary>
internal static class DefinitionStart
{
    public static int Of(ReadOnlySpan<byte> text, int start)
    {
        while (true)
        {
            var i = start;
            while (i > 0 && text[i - 1] is (byte)' ' or (byte)'\t' or (byte)'\n')
                i--;
            var end = i;
            while (i > 0 && CText.IsWord(text[i - 1]))
                i--;
            if (i == end || char.IsAsciiDigit((char)text[i]) || InDirectiveOrComment(text, i))
                return start;
            // A word right after another construct's end; anything else (a macro call, an expression) is not ours.
            start = i;
        }
    }

    private static bool InDirectiveOrComment(ReadOnlySpan<byte> text, int offset)
    {
        var line = text[..offset].LastIndexOf((byte)'\n') + 1;
        var before = text[line..offset].TrimStart((byte)' ').TrimStart((byte)'\t');
        return before.StartsWith("#"u8) || before.IndexOf("//"u8) >= 0 || (before.Length > 0 && before.IndexOf("*/"u8) >= 0)
            || (before.Length > 0 && !before.ToArray().All(b => CText.IsWord(b) || b is (byte)' ' or (byte)'\t'));
    }
}
