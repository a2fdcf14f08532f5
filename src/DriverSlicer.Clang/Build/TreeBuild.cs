// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Clang;

/// <summary>One C file of a module and the words of its compile command that matter.</summary>
/// <param name="Path">Relative to the module's directory.</param>
public sealed record ModuleFile(string Path, ImmutableArray<string> Words)
{
    /// <summary>Where its text is. What was generated once stands in the source as NAME_shipped, and the kernel build copies it.</summary>
    public static string Locate(string path, string directory)
    {
        var full = System.IO.Path.GetFullPath(path, directory);
        return !File.Exists(full) && File.Exists(full + "_shipped") ? full + "_shipped" : full;
    }
}

/// <summary>A module of the kernel tree as the kernel build compiles it, before anything of it is read.</summary>
/// <param name="Path">In the kernel tree, without its extension: drivers/watchdog/NAME.</param>
/// <param name="Trouble">Why its files or their commands are not known, or null.</param>
public sealed record ModuleSource(string Path, ImmutableArray<ModuleFile> Files, string? Trouble)
{
    public string Name => System.IO.Path.GetFileName(Path);

    public string Folder => System.IO.Path.GetDirectoryName(Path)!;
}

/// <summary>
/// The compile commands of all modules below a folder of the kernel's source, harvested by one dry run of the kernel build over it: a
/// minute for all drivers, where asking module by module takes hours. A dry run writes nothing, so it needs no mirror of the source.
/// </summary>
public static class TreeBuild
{
    /// <summary>Folders at the top of the kernel tree that hold drivers.</summary>
    public static readonly ImmutableArray<string> DriverFolders = ["drivers", "sound"];

    /// <param name="tree">With its source.</param>
    /// <param name="subtree">Path in the kernel tree (drivers/net, drivers/watchdog/NAME), or null for all drivers.</param>
    /// <returns>In the order of their paths.</returns>
    public static ImmutableArray<ModuleSource> Modules(KernelTree tree, string? subtree, Action<string> progress)
    {
        var wanted = subtree?.Trim('/');
        var paths = DriverLocator.ModulesOrder(tree).Select(m => m[..^".ko".Length])
            .Where(m => wanted is null ? DriverFolders.Contains(m.Split('/')[0]) : m == wanted || m.StartsWith(wanted + "/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ToImmutableArray();
        if (paths.IsEmpty)
            throw Troubles.NoModules(subtree ?? "", tree.Release);
        var found = paths.Select(p => p.Split('/')[0]).Distinct()
            .SelectMany(top => TreeHarvest.Of(tree, top, progress)).ToDictionary(m => m.Path, StringComparer.Ordinal);
        return [.. paths.Select(p => found.GetValueOrDefault(p) ?? new ModuleSource(p, [], "the dry run of the kernel build does not name it"))];
    }
}
