// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using Xunit;

namespace DriverSlicer.Tests.Emit;

/// <summary>
/// Expected files as a folder of the checkout. GOLDEN=update in the environment writes what was made instead of comparing;
/// the diff is then reviewed like any other change.
/// </summary>
internal static class Golden
{
    public static void Check(string folder, IEnumerable<(string Path, string Text)> actual)
    {
        var files = actual.ToDictionary(file => file.Path, file => file.Text, StringComparer.Ordinal);
        if (Environment.GetEnvironmentVariable("GOLDEN") == "update")
        {
            Write(folder, files);
        }

        var differences = Differences(folder, files);
        Assert.True(differences.Length == 0, $"{folder} differs; GOLDEN=update accepts:\n{differences}");
    }

    /// <summary>One line per file that is missing, not expected, or different in some line; empty when all is equal.</summary>
    public static string Differences(string folder, IReadOnlyDictionary<string, string> actual)
    {
        var expected = Directory.Exists(folder)
            ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllText, StringComparer.Ordinal)
            : [];
        var text = new StringBuilder();
        foreach (var path in expected.Keys.Union(actual.Keys).Order(StringComparer.Ordinal))
        {
            if (!actual.TryGetValue(path, out var made))
            {
                text.Append($"{path}: no longer made\n");
            }
            else if (!expected.TryGetValue(path, out var wanted))
            {
                text.Append($"{path}: not expected\n");
            }
            else if (made != wanted)
            {
                var (line, was, now) = FirstDifference(wanted, made);
                text.Append($"{path}:{line}:\n  - {was}\n  + {now}\n");
            }
        }

        return text.ToString();
    }

    private static (int Line, string Was, string Now) FirstDifference(string wanted, string made)
    {
        var (was, now) = (wanted.Split('\n'), made.Split('\n'));
        var line = 0;
        while (line < was.Length && line < now.Length && was[line] == now[line])
        {
            line++;
        }

        return (line + 1, line < was.Length ? was[line] : "(end)", line < now.Length ? now[line] : "(end)");
    }

    private static void Write(string folder, Dictionary<string, string> files)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var (path, text) in files)
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }
}
