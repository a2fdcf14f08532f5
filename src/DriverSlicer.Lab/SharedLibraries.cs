// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace DriverSlicer.Lab;

/// <summary>What a dynamically linked file needs, as ldd sees it.</summary>
internal static partial class SharedLibraries
{
    public static async Task<ImmutableArray<string>> OfAsync(string file, CancellationToken ct)
    {
        try
        {
            return Parse(await Subprocess.RunAsync("ldd", [file], ct));
        }
        catch (LabException e) when (e.Message.Contains("not a dynamic executable", StringComparison.Ordinal))
        {
            return [];
        }
    }

    /// <summary>Paths of "libc.so.6 => /lib/... (0x...)" and "/lib64/ld-linux... (0x...)" lines.</summary>
    public static ImmutableArray<string> Parse(string ldd) =>
        [.. Library().Matches(ldd).Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"(?:^|\s)(/\S+) \(0x", RegexOptions.Multiline)]
    private static partial Regex Library();
}
