// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace DriverSlicer.Clang;

/// <summary>
/// Which kernel headers are worth precompiling for which modules: those that some of the files of a group include. A group is a folder two
/// levels deep with many files; small ones share one.
/// </summary>
public static partial class HeaderChoice
{
    private const int Many = 100;

    /// <summary>Below this precompiling costs more than it saves.</summary>
    private const int Few = 12;

    /// <param name="modules">Those that are to be read.</param>
    /// <returns>Headers by the module's path, the most frequent first; a module without an entry is read without.</returns>
    public static IReadOnlyDictionary<string, ImmutableArray<string>> Of(IReadOnlyCollection<ModuleSource> modules, string sourceDirectory)
    {
        var folders = modules.GroupBy(m => string.Join('/', m.Path.Split('/').Take(2)))
            .SelectMany(g => g.Select(m => (Module: m, Group: g.Sum(x => x.Files.Length) >= Many ? g.Key : "")));
        var chosen = new Dictionary<string, ImmutableArray<string>>();
        foreach (var group in folders.GroupBy(m => m.Group, m => m.Module))
        {
            var files = group.SelectMany(m => m.Files.Select(f => Path.GetFullPath(f.Path, Path.Combine(sourceDirectory, m.Folder)))).Distinct().Where(File.Exists).ToArray();
            if (files.Length < Few)
                continue;
            var headers = Frequent([.. files.AsParallel().Select(f => Included(File.ReadAllText(f)))]);
            foreach (var module in group)
                chosen[module.Path] = headers;
        }

        return chosen;
    }

    /// <summary>At least three files in a hundred, and three at all.</summary>
    public static ImmutableArray<string> Frequent(IReadOnlyCollection<ImmutableArray<string>> files) =>
    [
        .. files.SelectMany(f => f).GroupBy(h => h).Select(g => (Header: g.Key, Count: g.Count()))
            .Where(h => h.Count >= Math.Max(3, files.Count * 3 / 100))
            .OrderByDescending(h => h.Count).ThenBy(h => h.Header, StringComparer.Ordinal).Select(h => h.Header),
    ];

    /// <summary>Tracepoint headers are left out: they make something else each time they are included.</summary>
    public static ImmutableArray<string> Included(string text) =>
        [.. Include().Matches(text).Select(m => m.Groups[1].Value).Where(h => !h.Contains("trace", StringComparison.Ordinal)).Distinct()];

    [GeneratedRegex(@"^[ \t]*#[ \t]*include[ \t]*<([^>]+\.h)>", RegexOptions.Multiline)]
    private static partial Regex Include();
}
