// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text;

namespace DriverSlicer.Cli.Caching;

/// <summary>
/// The files that an answer was made of besides those that the question names, each with a digest of its content, and the headers that
/// stand where an #include looks: one that comes to stand there may be the one that is meant then.
/// </summary>
public sealed class FilesRead
{
    private readonly ImmutableSortedDictionary<string, string> digests;

    private FilesRead(ImmutableSortedDictionary<string, string> digests) => this.digests = digests;

    /// <param name="files">Absolute paths.</param>
    /// <param name="roots">Folders in which the compiler looks for them.</param>
    /// <param name="since">When the reading began: what was changed later may not be what was read, so there is no answer to keep.</param>
    public static FilesRead? Of(IReadOnlyCollection<string> files, IReadOnlyCollection<string> roots, DateTime since)
    {
        if (files.Any(f => !File.Exists(f) || File.GetLastWriteTimeUtc(f) >= since))
            return null;
        var digests = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
            digests[file] = Digest.OfFile(file);
        foreach (var folder in Searched(files, roots))
            digests[folder + "/"] = Headers(folder);
        return new FilesRead(digests.ToImmutable());
    }

    /// <summary>Every file is what it was.</summary>
    public bool Hold()
    {
        try
        {
            return digests.All(d => d.Key.EndsWith('/') ? Headers(d.Key) == d.Value : File.Exists(d.Key) && Digest.OfFile(d.Key) == d.Value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>A line for each: the digest, a blank, the path.</summary>
    public override string ToString() => digests.Aggregate(new StringBuilder(), (text, d) => text.Append(d.Value).Append(' ').Append(d.Key).Append('\n')).ToString();

    public static FilesRead Parse(string text) => new(text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(l => l.Split(' ', 2)).ToImmutableSortedDictionary(l => l[1], l => l[0], StringComparer.Ordinal));

    /// <summary>Where <c>linux/pci.h</c> was found is one root's linux/; it was looked for in that of each.</summary>
    private static IEnumerable<string> Searched(IReadOnlyCollection<string> files, IReadOnlyCollection<string> roots)
    {
        var folders = files.Select(f => Path.GetDirectoryName(f)!).ToHashSet();
        var below = folders.SelectMany(f => roots.Where(r => f == r || f.StartsWith(r + "/", StringComparison.Ordinal)).Select(r => Path.GetRelativePath(r, f))).ToHashSet();
        return folders.Concat(roots.SelectMany(r => below.Select(b => Path.GetFullPath(b, r)))).Distinct();
    }

    private static string Headers(string folder) => Directory.Exists(folder)
        ? Digest.OfText(string.Join('\n', Directory.EnumerateFiles(folder, "*.h").Select(Path.GetFileName).Order(StringComparer.Ordinal)))[..16]
        : "-";
}
