// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DriverSlicer.Model;

namespace DriverSlicer.Clang;

/// <summary>One C file and the arguments that matter of its compile command.</summary>
/// <param name="Path">Relative to the driver's directory.</param>
public sealed record CompiledUnit(string Path, byte[] Text, ImmutableArray<string> Arguments);

/// <summary>How the kernel build itself compiles each file of a driver.</summary>
/// <param name="Module">Name of the module as Kbuild writes it (with its dashes).</param>
/// <param name="OwnRoot">Files below it that are no kernel headers count as the driver's own.</param>
/// <param name="ExtraFlags">Flags that the driver's Makefile adds to what any module gets.</param>
public sealed record BuildCommands(
    string Module, KernelTree Tree, string SourceDirectory, string OwnRoot,
    ImmutableArray<CompiledUnit> Units, ImmutableArray<string> ExtraFlags, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <param name="driver">Module name, path in the kernel tree, or directory with its own Kbuild file.</param>
    /// <param name="kernelRelease">Null: the newest installed headers.</param>
    public static BuildCommands Load(string driver, string? kernelRelease = null) => Load(driver, KernelTree.Installed(kernelRelease));

    public static BuildCommands Load(string driver, KernelTree tree)
    {
        if (!Directory.Exists(tree.BuildDirectory))
            throw Troubles.NoHeaders(tree.Release, tree.BuildDirectory);
        var place = DriverLocator.Find(driver, tree);
        if (place.InTree != null)
            tree = tree.WithSource();
        var directory = place.InTree == null ? place.Directory : Path.Combine(tree.SourceDirectory!, place.InTree);
        if (!Directory.Exists(directory))
            throw Troubles.NotADriver(directory, "the kernel's source package does not have it");
        var commands = Kbuild.Commands(place, directory, tree);
        var units = commands.Select(c => new CompiledUnit(c.Source, Source(directory, c.Source), c.Words)).ToImmutableArray();
        return new BuildCommands(
            place.Module, tree, directory, place.InTree == null ? directory : tree.SourceDirectory!, units,
            Extra(commands, tree), Versions(tree, place));
    }

    /// <summary>The same of a module whose commands were harvested with many others; <paramref name="tree"/> has its source.</summary>
    public static BuildCommands Of(ModuleSource module, KernelTree tree)
    {
        var directory = Path.Combine(tree.SourceDirectory!, module.Folder);
        var commands = module.Files.Select(f => new ObjectCommand(f.Path, f.Words)).ToImmutableArray();
        // Headers of tracepoints lead to drivers by "../../../", which the headers package does not have: from here they are found.
        ImmutableArray<string> beside = ["-idirafter", Path.Combine(tree.SourceDirectory!, "include/trace/events")];
        var units = commands.Select(c => new CompiledUnit(c.Source, Source(directory, c.Source), [.. c.Words, .. beside])).ToImmutableArray();
        return new BuildCommands(module.Name, tree, directory, tree.SourceDirectory!, units, Extra(commands, tree), []);
    }

    /// <summary>Folders in which a unit's #include lines look: the driver's own, then those that the commands name.</summary>
    public ImmutableArray<string> IncludeFolders
    {
        get
        {
            string[] options = ["-I", "-isystem", "-iquote", "-idirafter"];
            var found = new List<string> { SourceDirectory };
            foreach (var words in Units.Select(u => u.Arguments))
            {
                foreach (var (i, word) in words.Index())
                {
                    if (options.FirstOrDefault(o => word.StartsWith(o, StringComparison.Ordinal)) is { } option)
                        found.Add(Path.GetFullPath(word.Length > option.Length ? word[option.Length..] : words.ElementAtOrDefault(i + 1) ?? "", Tree.BuildDirectory).TrimEnd('/'));
                }
            }

            return [.. found.Distinct()];
        }
    }

    private static byte[] Source(string directory, string path)
    {
        var full = ModuleFile.Locate(path, directory);
        return File.Exists(full)
            ? File.ReadAllBytes(full)
            : throw Troubles.NotADriver(directory, $"{path} is not C, or is missing");
    }

    // What Kbuild passes to every module is not the driver's doing; everything else in a command is.
    private static ImmutableArray<string> Extra(ImmutableArray<ObjectCommand> commands, KernelTree tree)
    {
        var extra = new List<string>();
        foreach (var command in commands)
        {
            foreach (var word in command.Words)
            {
                if (!StandardFlags.IsStandard(word, tree) && !extra.Contains(word))
                    extra.Add(word);
            }
        }

        return [.. extra];
    }

    private static ImmutableArray<Diagnostic> Versions(KernelTree tree, DriverPlace place)
    {
        if (place.InTree == null)
            return [];
        var header = Path.Combine(tree.BuildDirectory, "include/generated/uapi/linux/version.h");
        var makefile = Path.Combine(tree.SourceDirectory!, "Makefile");
        if (!File.Exists(header) || !File.Exists(makefile))
            return [];
        var code = int.Parse(Regex.Match(File.ReadAllText(header), @"LINUX_VERSION_CODE (\d+)").Groups[1].Value);
        var text = File.ReadAllText(makefile);
        int Number(string name) => int.Parse(Regex.Match(text, $@"^{name} = (\d+)", RegexOptions.Multiline).Groups[1].Value);
        // LINUX_VERSION_CODE keeps only eight bits of the sublevel, as large as it may be.
        var source = (Number("VERSION") << 16) + (Number("PATCHLEVEL") << 8) + Math.Min(255, Number("SUBLEVEL"));
        return code == source
            ? []
            : [new Diagnostic("DS0110", Severity.Warning, Location.None,
                $"the kernel's headers are of 6-digit version {code:x6}, its source package of {source:x6}",
                "bring both to the same version: apt-get update && apt-get upgrade")];
    }
}
