// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Clang;

/// <summary>The distribution's kernel source (linux-source-6.1), unpacked once per version of the package into the cache.</summary>
internal static class SourcePackage
{
    public static string Unpacked(string version)
    {
        var archive = $"/usr/src/linux-source-{version}.tar.xz";
        if (!File.Exists(archive))
            throw Troubles.NoSource(archive);
        var info = new FileInfo(archive);
        // The package's file name does not change with its contents: size and date tell versions apart, the last word what was done with it.
        var stamp = $"{version}-{info.Length:x}-{new DateTimeOffset(info.LastWriteTimeUtc).ToUnixTimeSeconds():x}-shipped";
        var final = Path.Combine(Cache.Directory("source"), stamp);
        if (Directory.Exists(final))
            return final;
        var partial = $"{final}.{Environment.ProcessId}.partial";
        Directory.CreateDirectory(partial);
        try
        {
            var result = Command.Run("tar", ["-xJf", archive, "--strip-components=1", "-C", partial]);
            if (result.ExitCode != 0)
                throw new IOException($"tar could not unpack {archive}: {result.Error.Trim()}");
            UseShipped(partial);
            MoveInto(partial, final);
        }
        finally
        {
            if (Directory.Exists(partial))
                Directory.Delete(partial, recursive: true);
        }

        return final;
    }

    /// <summary>What Kbuild would copy from NAME_shipped as it builds: the sources and headers that the package brings made.</summary>
    internal static void UseShipped(string tree)
    {
        foreach (var shipped in Directory.EnumerateFiles(tree, "*_shipped", SearchOption.AllDirectories))
            File.Copy(shipped, shipped[..^"_shipped".Length], overwrite: true);
    }

    // Renamed when whole, so that an interrupted or parallel run never leaves a half tree under the final name.
    private static void MoveInto(string partial, string final)
    {
        try
        {
            Directory.Move(partial, final);
        }
        catch (IOException) when (Directory.Exists(final))
        {
            // Another process was faster; its tree is the same.
        }
    }
}
