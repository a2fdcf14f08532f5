// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Lab;

namespace DriverSlicer.Cli;

/// <summary>
/// Who may call what the named modules export. The kernel's own list of dependencies is complete for the kernel's modules; that no
/// module from elsewhere calls them otherwise is what the user says by naming them together.
/// </summary>
/// <param name="Others">Modules of the kernel that were not named and use a named one: their source must be read as well.</param>
/// <param name="Unknown">Named modules with so many users that reading them all is out of the question: their exports stay in the kernel half.</param>
public sealed record SiblingModules(ImmutableArray<string> Others, ImmutableHashSet<string> Unknown)
{
    private const int Most = 6;

    /// <param name="modules">the kernel's folder of modules</param>
    public static SiblingModules Of(string modules, ImmutableArray<string> named) =>
        Tree(modules) is { } tree ? Of(tree, named) : new([], [.. named.Select(LabPlan.Canonical)]);

    private static ModuleTree? Tree(string modules)
    {
        var list = Path.Combine(modules, "modules.dep");
        return File.Exists(list) ? ModuleTree.Parse(File.ReadAllText(list)) : null;
    }

    public static SiblingModules Of(ModuleTree tree, ImmutableArray<string> named)
    {
        var names = named.Select(LabPlan.Canonical).ToImmutableSortedSet(StringComparer.Ordinal);
        var users = names.ToDictionary(n => n, n => tree.Dependents(n).Where(d => !names.Contains(d)).ToArray());
        return new(
            [.. users.Values.Where(u => u.Length <= Most).SelectMany(u => u).Distinct().Order(StringComparer.Ordinal)],
            [.. users.Where(u => u.Value.Length > Most).Select(u => u.Key)]);
    }

    /// <summary>The module whose device and workload a run is about: the first that no other named one needs.</summary>
    public static int Principal(string modules, ImmutableArray<string> named)
    {
        if (Tree(modules) is not { } tree)
            return 0;
        var names = named.Select(LabPlan.Canonical).ToArray();
        return Math.Max(0, Array.FindIndex(names, n => !tree.Dependents(n).Intersect(names).Any()));
    }
}
