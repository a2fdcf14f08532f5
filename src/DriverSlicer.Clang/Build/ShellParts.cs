// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Clang;

/// <summary>The commands of a shell line: what unquoted semicolons separate, each with a blank after it.</summary>
internal static class ShellParts
{
    public static IEnumerable<string> Of(string line)
    {
        var quote = '\0';
        var start = 0;
        for (var i = 0; i < line.Length; i++)
        {
            if (quote == '\0' && line[i] is '\'' or '"')
                quote = line[i];
            else if (line[i] == quote)
                quote = '\0';
            else if (line[i] == '\\')
                i++;
            else if (line[i] == ';' && quote == '\0')
            {
                yield return line[start..i] + " ";
                start = i + 1;
            }
        }

        yield return line[start..] + " ";
    }
}
