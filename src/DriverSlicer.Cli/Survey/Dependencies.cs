// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Survey;

/// <summary>The driver's own headers that its files include, by absolute path, with hashes of what was read.</summary>
public static class Dependencies
{
    public static ImmutableSortedDictionary<string, string> Of(DriverModel model, string directory) =>
        model.Files.SelectMany(f => f.Included).Select(i => Path.GetFullPath(i.Path, directory)).Distinct().Where(File.Exists)
            .ToImmutableSortedDictionary(p => p, Hash, StringComparer.Ordinal);

    public static bool Hold(ImmutableSortedDictionary<string, string> headers) => headers.All(h => File.Exists(h.Key) && Hash(h.Key) == h.Value);

    public static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..16];

    public static string HashText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
}
