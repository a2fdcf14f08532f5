// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Cli.Caching;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Survey;

/// <summary>The driver's own headers that its files include, by absolute path, with hashes of what was read.</summary>
public static class Dependencies
{
    public static ImmutableSortedDictionary<string, string> Of(DriverModel model, string directory) =>
        model.Files.SelectMany(f => f.Included).Select(i => Path.GetFullPath(i.Path, directory)).Distinct().Where(File.Exists)
            .ToImmutableSortedDictionary(p => p, Digest.OfFile, StringComparer.Ordinal);

    public static bool Hold(ImmutableSortedDictionary<string, string> headers) => headers.All(h => File.Exists(h.Key) && Digest.OfFile(h.Key) == h.Value);
}
