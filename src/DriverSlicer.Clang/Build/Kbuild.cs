// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DriverSlicer.Clang;

/// <summary>How Kbuild compiles one object.</summary>
internal sealed record ObjectCommand(string Source, ImmutableArray<string> Words);

/// <summary>
/// Asks Kbuild itself: NAME.mod lists a module's objects for this configuration, and a dry run prints their compile commands,
/// without the seconds a real compile takes. It runs in a mirror of the driver's directory (symbolic links), at the same depth
/// and with the same neighbours as in the kernel tree, so that relative includes and paths in Makefiles hold.
/// </summary>
internal static class Kbuild
{
    public static ImmutableArray<ObjectCommand> Commands(DriverPlace driver, string directory, KernelTree tree)
    {
        var key = Key(driver, directory, tree);
        var saved = Path.Combine(Cache.Directory("build"), key + ".json");
        if (File.Exists(saved) && Load(saved) is { } known)
            return known;
        var work = Path.Combine(Cache.Directory("build"), $"{key}.{Environment.ProcessId}");
        try
        {
            var commands = Ask(driver, Mirror(work, driver, directory, tree), work, directory, tree);
            var partial = $"{saved}.{Environment.ProcessId}";
            File.WriteAllText(partial, JsonSerializer.Serialize(commands));
            File.Move(partial, saved, overwrite: true);
            return commands;
        }
        finally
        {
            if (Directory.Exists(work))
                Directory.Delete(work, recursive: true);
        }
    }

    private static ImmutableArray<ObjectCommand>? Load(string saved)
    {
        try
        {
            return JsonSerializer.Deserialize<ImmutableArray<ObjectCommand>>(File.ReadAllText(saved));
        }
        catch (JsonException)
        {
            // A damaged cache entry is as good as none.
            return null;
        }
    }

    private static ImmutableArray<ObjectCommand> Ask(DriverPlace driver, string mirror, string work, string directory, KernelTree tree)
    {
        var list = Make(tree, mirror, ["-s", driver.Module + ".mod"], directory);
        var mod = Path.Combine(mirror, driver.Module + ".mod");
        if (!File.Exists(mod))
            throw Troubles.KbuildFailed(directory, list.Error.Trim());
        var objects = File.ReadAllText(mod).Split('\n', ' ').Where(w => w.EndsWith(".o", StringComparison.Ordinal))
            .Select(o => Path.GetRelativePath(mirror, Path.GetFullPath(o, tree.BuildDirectory))).Distinct().ToArray();
        var dry = Make(tree, mirror, ["-n", "V=1", .. objects], directory);
        var traces = TracePoints(driver, directory, tree).ToArray();
        var found = ImmutableArray.CreateBuilder<ObjectCommand>();
        foreach (var item in objects)
        {
            var output = $" -c -o {Path.Combine(mirror, item)} ";
            var line = dry.Output.Split('\n').FirstOrDefault(l => l.Contains(output, StringComparison.Ordinal))
                ?? throw Troubles.KbuildFailed(directory, $"no compile command for {item}: {dry.Error.Trim()}");
            // "set -e; echo "gcc ... -c -o X.o X.c"; gcc ... -c -o X.o X.c ; objtool X.o; printf ...": the part where -c is a word.
            var words = ShellParts.Of(line).Select(CommandLine.Words).FirstOrDefault(w => w.Contains("-c") && w[^1].EndsWith(".c", StringComparison.Ordinal))
                ?? throw Troubles.NotADriver(directory, $"{item} is not made from a C file");
            var source = Path.GetRelativePath(mirror, Path.GetFullPath(words[^1], tree.BuildDirectory));
            found.Add(new ObjectCommand(source, [.. CommandLine.Keep(words).Select(w => Home(w, mirror, work, directory, tree)), .. traces]));
        }

        return found.ToImmutable();
    }

    // define_trace.h includes a driver's header by a path from where it stands itself, which for a driver in the tree is not where the headers are.
    private static IEnumerable<string> TracePoints(DriverPlace driver, string directory, KernelTree tree) =>
        driver.InTree is null || !Directory.EnumerateFiles(directory, "*.h", SearchOption.AllDirectories).Any(f => File.ReadAllText(f).Contains("TRACE_INCLUDE_PATH", StringComparison.Ordinal))
            ? [] : [$"-I{Path.Combine(tree.SourceDirectory!, "include", "trace")}"];

    // Paths into the mirror become paths into the source; $(srctree)/$(src) of an in-tree Makefile becomes the kernel source.
    private static string Home(string word, string mirror, string work, string directory, KernelTree tree)
    {
        word = word.Replace(mirror, directory, StringComparison.Ordinal);
        if (tree.SourceDirectory != null)
            word = word.Replace(Path.Combine(work, "tree"), tree.SourceDirectory, StringComparison.Ordinal);
        return HomePath.Of(word, directory, tree);
    }

    private static CommandResult Make(KernelTree tree, string mirror, string[] goals, string directory)
    {
        var result = Command.Run("make", ["-C", tree.BuildDirectory, "M=" + mirror, .. goals]);
        if (result.ExitCode == 0)
            return result;
        var message = Last(result.Error.Replace(mirror, directory, StringComparison.Ordinal));
        var missing = Regex.Match(message, "No rule to make target '([^']+)\\.o'");
        throw missing.Success
            ? Troubles.NotADriver(directory, $"its Kbuild file names {Path.GetFileName(missing.Groups[1].Value)}.o, but there is no such C file")
            : Troubles.KbuildFailed(directory, message);
    }

    private static string Last(string text) =>
        string.Join(" / ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(2).Select(l => l.Trim()));

    /// <summary>Directory for M= with links to the driver's files; for in-tree drivers also to what is beside and above it.</summary>
    private static string Mirror(string work, DriverPlace driver, string directory, KernelTree tree)
    {
        if (driver.InTree == null)
        {
            var own = Path.Combine(work, "own");
            Link(directory, own, deep: true);
            return own;
        }

        var from = tree.SourceDirectory!;
        var to = Path.Combine(work, "tree");
        foreach (var part in driver.InTree.Split('/'))
        {
            Link(from, to, deep: false, except: part);
            (from, to) = (Path.Combine(from, part), Path.Combine(to, part));
        }

        Link(from, to, deep: true);
        return to;
    }

    private static void Link(string from, string to, bool deep, string? except = null)
    {
        Directory.CreateDirectory(to);
        foreach (var entry in Directory.EnumerateFileSystemEntries(from))
        {
            var name = Path.GetFileName(entry);
            if (name == except || name.StartsWith('.') || name.EndsWith(".o", StringComparison.Ordinal) || name.EndsWith(".mod", StringComparison.Ordinal))
                continue;
            var target = Path.Combine(to, name);
            if (deep && Directory.Exists(entry))
                Link(entry, target, deep: true);
            else
                File.CreateSymbolicLink(target, entry);
        }
    }

    /// <summary>Everything the answer depends on: Makefiles of the driver, the kernel's configuration, and where they are.</summary>
    private static string Key(DriverPlace driver, string directory, KernelTree tree)
    {
        var text = new StringBuilder("3\n").AppendLine(driver.Module).AppendLine(directory).AppendLine(tree.BuildDirectory);
        foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) is "Makefile" or "Kbuild").Order(StringComparer.Ordinal))
            text.AppendLine(file).Append(File.ReadAllText(file));
        var configuration = new FileInfo(Path.Combine(tree.BuildDirectory, "include/config/auto.conf"));
        if (configuration.Exists)
            text.AppendLine($"{configuration.Length} {configuration.LastWriteTimeUtc:O}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }
}
