// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace DriverSlicer.Clang;

/// <summary>A kernel to build for: prepared build tree, its headers, and where sources of in-tree drivers are.</summary>
/// <param name="BuildDirectory">What KDIR is for out-of-tree modules (/usr/src/linux-headers-6.1.0-56-amd64).</param>
/// <param name="SourceDirectory">The kernel's full source; null until an in-tree driver asks for it.</param>
public sealed record KernelTree(string Release, string BuildDirectory, string? SourceDirectory = null)
{
    /// <summary>Where its modules lie, with the lists that depmod made of them.</summary>
    public string ModulesDirectory { get; init; } = $"/lib/modules/{Release}";

    /// <summary>Directories whose files are kernel headers, not the driver's.</summary>
    public ImmutableArray<string> HeaderDirectories
    {
        get
        {
            // Debian's build directory only includes the Makefile of the common directory.
            var makefile = Path.Combine(BuildDirectory, "Makefile");
            var match = File.Exists(makefile) ? Regex.Match(File.ReadAllText(makefile), @"^include (\S+)/Makefile$", RegexOptions.Multiline) : Match.Empty;
            return match.Success ? [match.Groups[1].Value, BuildDirectory] : [BuildDirectory];
        }
    }

    /// <summary>The installed headers of a release; null takes the newest installed.</summary>
    public static KernelTree Installed(string? release = null)
    {
        release ??= NewestRelease();
        var link = $"/lib/modules/{release}/build";
        var headers = $"/usr/src/linux-headers-{release}";
        var directory = Directory.Exists(headers) ? headers : Directory.Exists(link) ? link : throw Troubles.NoHeaders(release, headers);
        return new KernelTree(release, directory);
    }

    public static string NewestRelease() =>
        (Directory.Exists("/usr/src") ? Directory.GetDirectories("/usr/src", "linux-headers-*") : [])
            .Where(d => File.Exists(Path.Combine(d, "include/config/auto.conf")))
            .Select(d => Path.GetFileName(d)["linux-headers-".Length..])
            .OrderBy(VersionKey, StringComparer.Ordinal)
            .LastOrDefault() ?? throw Troubles.NoHeaders("of any release", "/usr/src/linux-headers-*");

    /// <summary>This tree with <see cref="SourceDirectory"/> set: the distribution's source package, unpacked once.</summary>
    public KernelTree WithSource() =>
        SourceDirectory != null ? this : this with { SourceDirectory = SourcePackage.Unpacked(Regex.Match(Release, @"^\d+\.\d+").Value) };

    // 6.12.9 after 6.1.10: numbers compare as numbers.
    private static string VersionKey(string release) => Regex.Replace(release, @"\d+", m => m.Value.PadLeft(8, '0'));
}
