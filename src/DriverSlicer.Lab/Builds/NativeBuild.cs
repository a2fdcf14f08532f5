// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Lab.Builds;

/// <summary>Builds a driver of the user's own as it stands, so that there is a native side to compare with.</summary>
public static class NativeBuild
{
    /// <param name="source">The folder with the Kbuild file; it is copied, nothing is written into it.</param>
    /// <returns>Path of NAME.ko.</returns>
    public static async Task<string> BuildAsync(
        string source, string module, string scratch, LabKernel kernel, Action<string> progress, CancellationToken ct)
    {
        progress("building the native driver with Kbuild");
        if (Directory.Exists(scratch))
            Directory.Delete(scratch, recursive: true);
        foreach (var folder in Directory.EnumerateDirectories(source, "*", SearchOption.AllDirectories).Prepend(source))
            Directory.CreateDirectory(Path.Combine(scratch, Path.GetRelativePath(source, folder)));
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(scratch, Path.GetRelativePath(source, file)));
        await Subprocess.RunAsync("make", ["-s", "-j2", "-C", kernel.BuildDir, $"M={scratch}", "modules"], ct);
        return Path.Combine(scratch, module + ".ko");
    }
}
