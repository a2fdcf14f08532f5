// SPDX-License-Identifier: GPL-2.0-only
using System.Text.RegularExpressions;

namespace DriverSlicer.Clang;

/// <summary>Where a driver's source is, and its module's name as Kbuild writes it.</summary>
/// <param name="InTree">Directory relative to the kernel source; null for a driver with a directory of its own.</param>
internal sealed record DriverPlace(string Module, string Directory, string? InTree);

/// <summary>Finds the driver that the user means: a module name, a path in the kernel tree, or a directory with its own Kbuild file.</summary>
internal static partial class DriverLocator
{
    public static DriverPlace Find(string driver, KernelTree tree)
    {
        // A bare word is a module first: an output directory of the same name must not get in the way.
        var isPath = driver.Contains('/', StringComparison.Ordinal) || driver is "." or "..";
        if (isPath && Directory.Exists(driver))
            return OwnDirectory(Path.GetFullPath(driver));
        if (isPath && File.Exists(driver))
            throw Troubles.NotADriver(Path.GetFullPath(driver), "it is a file, not a folder with a Kbuild file");
        if (isPath && Path.IsPathRooted(driver) && !IsInSource(driver, tree))
            throw Troubles.NotADriver(driver, "it does not exist");
        var modules = ModulesOrder(tree);
        if (isPath)
            return InTreePath(driver, tree, modules);
        var wanted = Plain(driver.EndsWith(".ko", StringComparison.Ordinal) ? driver[..^3] : driver);
        return modules.FirstOrDefault(m => Plain(Path.GetFileNameWithoutExtension(m)) == wanted) is { } found
            ? InTree(found)
            : Directory.Exists(driver) ? OwnDirectory(Path.GetFullPath(driver))
            : throw Troubles.UnknownModule(driver, tree.Release, Nearest(wanted, modules));
    }

    private static bool IsInSource(string path, KernelTree tree) =>
        tree.SourceDirectory is { } source && path.StartsWith(source + "/", StringComparison.Ordinal);

    private static DriverPlace OwnDirectory(string directory)
    {
        var kbuild = new[] { "Kbuild", "Makefile" }.Select(n => Path.Combine(directory, n)).FirstOrDefault(File.Exists)
            ?? throw Troubles.NotADriver(directory, "it has neither a Kbuild file nor a Makefile");
        // Objects named directly are modules; a directory (ending in /) is somebody else's.
        var names = ObjLine().Matches(File.ReadAllText(kbuild).Replace("\\\n", " ", StringComparison.Ordinal))
            .SelectMany(m => m.Groups[1].Value.Split(' ', '\t', StringSplitOptions.RemoveEmptyEntries))
            .Where(w => w.EndsWith(".o", StringComparison.Ordinal)).Select(w => w[..^2]).Distinct().ToArray();
        return names.Length switch
        {
            0 => throw Troubles.NotADriver(directory, $"{Path.GetFileName(kbuild)} has no 'obj-m += NAME.o' line"),
            1 => new DriverPlace(names[0], directory, null),
            _ => throw Troubles.SeveralModules(directory, names),
        };
    }

    private static DriverPlace InTreePath(string path, KernelTree tree, IReadOnlyList<string> modules)
    {
        var source = tree.SourceDirectory;
        if (source != null && path.StartsWith(source + "/", StringComparison.Ordinal))
            path = path[(source.Length + 1)..];
        path = path.Trim('/');
        var bare = Path.ChangeExtension(path, null);
        var exact = modules.FirstOrDefault(m => m == path + ".ko" || m == bare + ".ko"
            || (Path.GetDirectoryName(m) == Path.GetDirectoryName(bare) && Plain(Path.GetFileNameWithoutExtension(m)) == Plain(Path.GetFileName(bare))));
        if (exact != null)
            return InTree(exact);
        var inside = modules.Where(m => Path.GetDirectoryName(m) == path).ToArray();
        return inside.Length switch
        {
            1 => InTree(inside[0]),
            0 => throw Troubles.UnknownModule(path, tree.Release, Nearest(Plain(Path.GetFileNameWithoutExtension(path)), modules)),
            _ => throw Troubles.SeveralModules(path, inside.Select(m => Path.GetFileNameWithoutExtension(m)!)),
        };
    }

    private static DriverPlace InTree(string module) =>
        new(Path.GetFileNameWithoutExtension(module), "", Path.GetDirectoryName(module)!);

    /// <summary>Paths in the kernel tree of all modules that were built, such as drivers/watchdog/NAME.ko.</summary>
    public static List<string> ModulesOrder(KernelTree tree)
    {
        foreach (var file in (string[])[Path.Combine(tree.ModulesDirectory, "modules.order"), Path.Combine(tree.BuildDirectory, "modules.order")])
        {
            if (File.Exists(file))
                return [.. File.ReadLines(file).Select(l => Path.ChangeExtension(l.StartsWith("kernel/", StringComparison.Ordinal) ? l[7..] : l, ".ko"))];
        }

        throw Troubles.NoRelease(tree.Release);
    }

    private static string Plain(string name) => name.Replace('-', '_');

    private static List<string> Nearest(string wanted, IReadOnlyList<string> modules) =>
        [.. modules.Select(m => Path.GetFileNameWithoutExtension(m)!).Select(n => (Name: n, Distance: Distance(wanted, Plain(n))))
            .Where(x => x.Distance <= Math.Max(1, wanted.Length / 3)).OrderBy(x => x.Distance).ThenBy(x => x.Name, StringComparer.Ordinal)
            .Take(3).Select(x => x.Name)];

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitute, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }

    [GeneratedRegex(@"^[ \t]*obj-(?:m|y|\$\(CONFIG_\w+\))[ \t]*[:+]?=[ \t]*(.*)$", RegexOptions.Multiline)]
    private static partial Regex ObjLine();
}
