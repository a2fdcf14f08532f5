// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DriverSlicer.Clang;

/// <summary>One dry run over a top folder of the kernel's source, kept in the cache until a Makefile or the configuration changes.</summary>
internal static class TreeHarvest
{
    public static ImmutableArray<ModuleSource> Of(KernelTree tree, string top, Action<string> progress)
    {
        var saved = Path.Combine(Cache.Directory("build"), $"{top}-{Key(tree, top)}.json");
        if (File.Exists(saved) && Load(saved) is { } known)
            return known;
        progress($"asking the kernel build how it compiles {top}/ (once, about a minute)");
        var modules = Ask(tree, top);
        var partial = $"{saved}.{Environment.ProcessId}";
        File.WriteAllText(partial, JsonSerializer.Serialize(modules));
        File.Move(partial, saved, overwrite: true);
        return modules;
    }

    private static ImmutableArray<ModuleSource>? Load(string saved)
    {
        try
        {
            return JsonSerializer.Deserialize<ImmutableArray<ModuleSource>>(File.ReadAllText(saved));
        }
        catch (JsonException)
        {
            // A damaged cache entry is as good as none.
            return null;
        }
    }

    private static ImmutableArray<ModuleSource> Ask(KernelTree tree, string top)
    {
        var run = new DryRun(tree.BuildDirectory);
        var error = Make(tree, top, run.Line);
        if (run.Modules.Count == 0)
            throw Troubles.KbuildFailed(Path.Combine(tree.SourceDirectory!, top), string.Join(" / ", error.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(2)));
        return [.. run.Modules.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => Module(run, m.Key, m.Value, tree))];
    }

    private static ModuleSource Module(DryRun run, string module, ImmutableArray<string> objects, KernelTree tree)
    {
        var directory = Path.GetDirectoryName(module)!;
        var files = ImmutableArray.CreateBuilder<ModuleFile>();
        string? trouble = null;
        foreach (var item in objects)
        {
            if (!run.Compiles.TryGetValue(item, out var words))
                trouble ??= $"no compile command for {Path.GetRelativePath(tree.SourceDirectory!, item)}: it is not made from a C file";
            var source = words.IsDefault ? Path.ChangeExtension(item, ".c") : Path.GetFullPath(words[^1], tree.BuildDirectory);
            files.Add(new ModuleFile(
                Path.GetRelativePath(directory, source),
                words.IsDefault ? [] : [.. CommandLine.Keep(words).Select(w => HomePath.Of(w, directory, tree))]));
        }

        return new ModuleSource(Path.GetRelativePath(tree.SourceDirectory!, module), files.ToImmutable(), trouble);
    }

    private static string Make(KernelTree tree, string top, Action<string> line)
    {
        // Relative to the headers: some Makefiles put $(srctree)/ before the folder's name, and must come to the source all the same.
        var root = tree.HeaderDirectories[0];
        var relative = Path.Combine(Path.GetRelativePath(root, tree.SourceDirectory!), top);
        var goal = Path.GetFullPath(relative, tree.BuildDirectory) == Path.Combine(tree.SourceDirectory!, top) ? relative : Path.Combine(tree.SourceDirectory!, top);
        // A module that cannot be made must not hide the others (-k); lines of two at a time must not mix (-O).
        return Command.Stream("make", ["-C", tree.BuildDirectory, "-n", "-k", $"-j{Environment.ProcessorCount}", "-Otarget", "M=" + goal, "modules"], line);
    }

    /// <summary>Everything the answer depends on: Makefiles below the folder, the kernel's configuration, and where they are.</summary>
    private static string Key(KernelTree tree, string top)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"1\n{tree.BuildDirectory}\n{tree.SourceDirectory}\n"));
        var configuration = new FileInfo(Path.Combine(tree.BuildDirectory, "include/config/auto.conf"));
        if (configuration.Exists)
            hash.AppendData(File.ReadAllBytes(configuration.FullName));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(tree.SourceDirectory!, top), "*", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) is "Makefile" or "Kbuild").Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
