// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text;

namespace DriverSlicer.Clang;

/// <summary>A compile command as Kbuild prints it, cut down to what decides the meaning of the program.</summary>
internal static class CommandLine
{
    private static readonly string[] Prefixes =
    [
        "-I", "-D", "-U", "-std=", "-O", "-mno-sse", "-mno-mmx", "-mno-3dnow", "-mno-avx", "-mno-80387", "-mno-red-zone", "-mcmodel=",
        "-fshort-wchar", "-fno-strict-aliasing", "-fsigned-char", "-funsigned-char", "-fms-extensions", "-fno-PIE", "-nostdinc", "-m64",
    ];

    private static readonly string[] WithArgument = ["-include", "-isystem", "-iquote", "-imacros", "-idirafter"];

    /// <summary>Words as a shell would see them, up to the first unquoted semicolon.</summary>
    public static List<string> Words(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var started = false;
        for (var i = 0; i < command.Length; i++)
        {
            var c = command[i];
            if (c is '\'' or '"')
            {
                started = true;
                for (i++; i < command.Length && command[i] != c; i++)
                {
                    if (c == '"' && command[i] == '\\' && i + 1 < command.Length)
                        i++;
                    word.Append(command[i]);
                }
            }
            else if (c == '\\' && i + 1 < command.Length)
            {
                started = true;
                word.Append(command[++i]);
            }
            else if (c == ';' || char.IsWhiteSpace(c))
            {
                if (started)
                    words.Add(word.ToString());
                word.Clear();
                started = false;
                if (c == ';')
                    break;
            }
            else
            {
                started = true;
                word.Append(c);
            }
        }

        if (started)
            words.Add(word.ToString());
        return words;
    }

    /// <summary>A keep-list: a flag that a new kernel adds for gcc must not reach Clang unexamined.</summary>
    public static ImmutableArray<string> Keep(IReadOnlyList<string> words)
    {
        var kept = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < words.Count; i++)
        {
            if (WithArgument.Contains(words[i]) && i + 1 < words.Count)
                kept.AddRange(words[i], words[++i]);
            else if (words[i] is "-I" or "-D" or "-U" && i + 1 < words.Count)
                kept.Add(words[i] + words[++i]);
            else if (Prefixes.Any(p => words[i].StartsWith(p, StringComparison.Ordinal)))
                kept.Add(words[i]);
        }

        return kept.ToImmutable();
    }
}
