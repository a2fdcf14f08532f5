// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Lab;

/// <summary>modules.dep of one kernel: which files a module needs.</summary>
public sealed class ModuleTree
{
    private readonly ImmutableSortedDictionary<string, (string File, ImmutableArray<string> Needs)> _modules;

    private ModuleTree(ImmutableSortedDictionary<string, (string, ImmutableArray<string>)> modules) => _modules = modules;

    /// <summary>Reads <c>path: path path ...</c> lines; paths are relative to the modules folder.</summary>
    public static ModuleTree Parse(string modulesDep) => new(
        modulesDep.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(':', 2))
            .Select(p => (File: p[0], Needs: p[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).ToImmutableArray()))
            .ToImmutableSortedDictionary(m => NameOf(m.File), m => (m.File, m.Needs), StringComparer.Ordinal));

    public bool Has(string module) => _modules.ContainsKey(LabPlan.Canonical(module));

    /// <summary>The files of the modules and of all that they need, sorted. Unknown names are left out.</summary>
    public ImmutableSortedSet<string> Closure(IEnumerable<string> modules) =>
        modules.Select(LabPlan.Canonical)
            .Where(_modules.ContainsKey)
            .SelectMany(m => _modules[m].Needs.Add(_modules[m].File))
            .ToImmutableSortedSet(StringComparer.Ordinal);

    /// <summary>Modules that need this one, directly or through others, sorted.</summary>
    public ImmutableArray<string> Dependents(string module) =>
        [.. _modules.Where(m => m.Value.Needs.Any(n => NameOf(n) == LabPlan.Canonical(module))).Select(m => m.Key)];

    /// <summary>kernel/net/NAME.ko.xz is the module NAME.</summary>
    public static string NameOf(string file)
    {
        var name = Path.GetFileName(file);
        var end = name.IndexOf(".ko", StringComparison.Ordinal);
        return LabPlan.Canonical(end < 0 ? name : name[..end]);
    }
}
