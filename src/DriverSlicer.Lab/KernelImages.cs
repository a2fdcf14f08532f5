// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace DriverSlicer.Lab;

/// <summary>The kernels that the lab can boot: those that the distribution installed, and one of its own with every check on.</summary>
public static partial class KernelImages
{
    /// <summary>Releases that have an image and headers, the newest first.</summary>
    public static ImmutableArray<string> Installed() =>
    [
        .. Directory.GetDirectories("/usr/src", "linux-headers-*")
            .Select(d => Path.GetFileName(d)["linux-headers-".Length..])
            .Where(r => File.Exists($"/boot/vmlinuz-{r}"))
            .OrderByDescending(VersionKey, StringComparer.Ordinal),
    ];

    /// <summary>An installed kernel with headers; null takes the newest.</summary>
    public static LabKernel Stock(string? release)
    {
        release ??= Installed().FirstOrDefault()
            ?? throw new LabException("no kernel with headers is installed: apt-get install linux-image-amd64 linux-headers-amd64");
        var (headers, link) = ($"/usr/src/linux-headers-{release}", $"/lib/modules/{release}/build");
        var build = !Directory.Exists(headers) && Directory.Exists(link) ? link : headers;
        var kernel = new LabKernel(release, $"/boot/vmlinuz-{release}", $"/lib/modules/{release}", build, Checking: false);
        foreach (var path in new[] { kernel.Image, kernel.ModulesDir, kernel.BuildDir })
        {
            if (!Path.Exists(path))
                throw new LabException($"{path} does not exist: apt-get install linux-image-{release} linux-headers-{release}");
        }
        return kernel;
    }

    /// <summary>The debug kernel of lab/checking.config; built on first use (about ten minutes on two CPUs), then cached.</summary>
    public static async Task<LabKernel> CheckingAsync(Action<string> progress, CancellationToken ct)
    {
        const string Tarball = "/usr/src/linux-source-6.1.tar.xz";
        if (!File.Exists(Tarball))
            throw new LabException($"{Tarball} does not exist: apt-get install linux-source-6.1");
        var lab = LabFolder.Find();
        var config = Path.Combine(lab, "checking.config");
        var dest = Path.Combine(LabFolder.Cache("kernels"), CacheKey(Tarball, config));
        var ready = Path.Combine(dest, "release");
        if (!File.Exists(ready))
        {
            Directory.CreateDirectory(dest);
            using var onlyOne = Lock(Path.Combine(dest, "building"));
            var script = Path.Combine(lab, "checking-kernel.sh");
            await Subprocess.RunAsync("/bin/sh", [script, Tarball, config, dest], ct, progress);
        }
        var release = File.ReadAllText(ready).Trim();
        return new LabKernel(
            release, Path.Combine(dest, "bzImage"), Path.Combine(dest, "lib/modules", release), Path.Combine(dest, "linux"), Checking: true);
    }

    private static FileStream Lock(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e)
        {
            throw new LabException($"another process is building the checking kernel (it holds {file}): wait for it", e);
        }
    }

    private static string CacheKey(string tarball, string config)
    {
        using var source = File.OpenRead(tarball);
        var hash = SHA256.HashData([.. SHA256.HashData(source), .. File.ReadAllBytes(config)]);
        return Convert.ToHexStringLower(hash)[..16];
    }

    /// <summary>6.1.0-9 sorts before 6.1.0-56: numbers are padded.</summary>
    internal static string VersionKey(string release) => Number().Replace(release, m => m.Value.PadLeft(8, '0'));

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
