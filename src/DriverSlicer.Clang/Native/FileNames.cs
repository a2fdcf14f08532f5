// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Clang.Native;

/// <summary>Tells the driver's own files from headers, and shortens names.</summary>
/// <param name="DriverDirectory">Absolute directory of the driver's source.</param>
/// <param name="OwnRoot">Files below it that are no kernel headers belong to the driver (the kernel tree's root for in-tree drivers).</param>
/// <param name="HeaderRoots">Directories of the kernel headers.</param>
/// <param name="WorkingDirectory">Where relative names in the compile command start.</param>
internal sealed record FileNames(string DriverDirectory, string OwnRoot, ImmutableArray<string> HeaderRoots, string WorkingDirectory)
{
    public bool IsDriver(string path)
    {
        var full = System.IO.Path.GetFullPath(path, WorkingDirectory);
        return Below(full, OwnRoot) && !HeaderRoots.Any(root => Below(full, root));
    }

    public string Display(string path)
    {
        foreach (var root in HeaderRoots)
        {
            if (Below(path, root))
                return System.IO.Path.GetRelativePath(root, path);
        }

        if (!System.IO.Path.IsPathRooted(path))
            return path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
        return IsDriver(path) ? System.IO.Path.GetRelativePath(DriverDirectory, path) : path;
    }

    private static bool Below(string path, string root) => path.StartsWith(root + "/", StringComparison.Ordinal);
}
