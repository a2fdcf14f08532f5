// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace DriverSlicer.Lab.Builds;

/// <param name="Module">microdriver.ko</param>
/// <param name="Symvers">its Module.symvers, which a kernel half is linked against</param>
/// <param name="Host">the native host process</param>
public sealed record RuntimeFiles(string Module, string Symvers, string Host);

/// <summary>Builds what every microdriver shares: the runtime module, once per kernel, and the host. Cached by content.</summary>
public static class RuntimeBuild
{
    public static async Task<RuntimeFiles> BuildAsync(string root, LabKernel kernel, Action<string> progress, CancellationToken ct)
    {
        var module = await CachedAsync(
            $"runtime-{kernel.Release}", [Path.Combine(root, "kernel")], kernel.BuildDir,
            async dir =>
            {
                progress($"building microdriver.ko for {kernel.Release}");
                foreach (var file in Directory.GetFiles(Path.Combine(root, "kernel")))
                    File.Copy(file, Path.Combine(dir, Path.GetFileName(file)));
                await Subprocess.RunAsync("make", ["-s", "-j2", "-C", kernel.BuildDir, $"M={dir}", "modules"], ct);
            });
        var host = await CachedAsync(
            "host", [Path.Combine(root, "src", "Microdrivers.Host"), Path.Combine(root, "Directory.Build.props")], "",
            async dir =>
            {
                progress("building the host process");
                await Subprocess.RunAsync(
                    "dotnet", ["publish", Path.Combine(root, "src", "Microdrivers.Host"), "-c", "Release", "-r", "linux-x64", "-o", dir, "-v", "quiet", "--nologo"], ct);
            });
        return new RuntimeFiles(
            Path.Combine(module, "microdriver.ko"), Path.Combine(module, "Module.symvers"), Path.Combine(host, "microdriver-host"));
    }

    /// <summary>A folder named after its inputs; made in a scratch folder and renamed, so a broken build never looks finished.</summary>
    private static async Task<string> CachedAsync(string name, ImmutableArray<string> inputs, string salt, Func<string, Task> build)
    {
        var final = Path.Combine(LabFolder.Cache("builds"), $"{name}-{Key(inputs, salt)}");
        if (Directory.Exists(final))
            return final;
        var scratch = $"{final}.new-{Environment.ProcessId}";
        Directory.CreateDirectory(scratch);
        try
        {
            await build(scratch);
            if (!Directory.Exists(final))
                Directory.Move(scratch, final);
        }
        finally
        {
            if (Directory.Exists(scratch))
                Directory.Delete(scratch, recursive: true);
        }

        return final;
    }

    private static string Key(ImmutableArray<string> inputs, string salt)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(salt));
        foreach (var file in inputs.SelectMany(Sources).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file)));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static IEnumerable<string> Sources(string path) => File.Exists(path)
        ? [path]
        : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/bin/") && !f.Contains("/obj/"))
            .Where(f => Path.GetExtension(f) is ".c" or ".h" or ".cs" or ".csproj" or ".S" || Path.GetFileName(f) is "Kbuild" or "Makefile");
}
