// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Clang;

/// <summary>~/.cache/driverslicer, or below XDG_CACHE_HOME.</summary>
public static class Cache
{
    public static string Directory(string part)
    {
        var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var path = Path.Combine(root, "driverslicer", part);
        try
        {
            System.IO.Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Troubles.NoCache(path, e.Message);
        }

        return path;
    }
}
