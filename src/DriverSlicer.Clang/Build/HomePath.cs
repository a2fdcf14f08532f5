// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Clang;

/// <summary>
/// Include paths that a Makefile of the kernel tree spells from <c>$(srctree)</c>: for a module that is the headers package, which has no
/// drivers. Such a path is meant of the kernel's source.
/// </summary>
internal static class HomePath
{
    public static string Of(string word, string directory, KernelTree tree)
    {
        if (!word.StartsWith("-I", StringComparison.Ordinal) || tree.SourceDirectory == null)
            return word;
        var path = Path.GetFullPath(word[2..], tree.BuildDirectory);
        foreach (var root in tree.HeaderDirectories)
        {
            if (!Directory.Exists(path) && path.StartsWith(root + "/", StringComparison.Ordinal))
            {
                var inside = path[(root.Length + 1)..];
                return "-I" + (inside.StartsWith(directory[1..], StringComparison.Ordinal) ? "/" + inside : Path.Combine(tree.SourceDirectory, inside));
            }
        }

        // What climbs from the headers into the source is meant as the place it comes to.
        return path.StartsWith(tree.SourceDirectory + "/", StringComparison.Ordinal) ? "-I" + path : word;
    }
}
