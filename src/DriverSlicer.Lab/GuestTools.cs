// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace DriverSlicer.Lab;

/// <summary>The small C programs of lab/tools, compiled statically for the guest, and QEMU's plugins; cached by their text.</summary>
internal static class GuestTools
{
    public static async Task<ImmutableArray<string>> BuildAsync(string labFolder, CancellationToken ct)
    {
        var built = ImmutableArray.CreateBuilder<string>();
        foreach (var source in Directory.GetFiles(Path.Combine(labFolder, "tools"), "*.c").Order(StringComparer.Ordinal))
            built.Add(await CompileAsync(source, "", [.. Linking(source), "-I", Path.Combine(Path.GetDirectoryName(labFolder)!, "user")], ct));
        return built.ToImmutable();
    }

    /// <summary>One that loads a user half is linked as the host is, whose libraries are in the guest.</summary>
    private static ImmutableArray<string> Linking(string source) =>
        File.ReadAllText(source).Contains("<dlfcn.h>", StringComparison.Ordinal)
            ? ["-iquote", Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(source)!)!)!, "kernel")] : ["-static"];

    /// <summary>A plugin of lab/plugins for the QEMU of the lab itself.</summary>
    public static Task<string> PluginAsync(string labFolder, string name, CancellationToken ct) =>
        CompileAsync(Path.Combine(labFolder, "plugins", name + ".c"), ".so", ["-shared", "-fPIC"], ct);

    private static async Task<string> CompileAsync(string source, string suffix, ImmutableArray<string> how, CancellationToken ct)
    {
        // A tool may include a header of the user half's.
        var text = File.ReadAllBytes(source).Concat(how.Contains("-I") ? Directory.GetFiles(how[how.IndexOf("-I") + 1], "*_page.h").Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes) : []);
        var key = Convert.ToHexStringLower(SHA256.HashData([.. text]))[..16];
        var tool = Path.Combine(LabFolder.Cache("tools"), key, Path.GetFileNameWithoutExtension(source) + suffix);
        if (!File.Exists(tool))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(tool)!);
            var unfinished = $"{tool}.{Environment.ProcessId}";
            await Subprocess.RunAsync("gcc", [.. how, "-O2", "-Wall", "-Werror", "-o", unfinished, source], ct);
            File.Move(unfinished, tool, overwrite: true);
        }
        return tool;
    }
}
