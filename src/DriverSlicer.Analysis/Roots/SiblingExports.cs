// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// In which contexts modules that are analysed together call each other's exported functions. What one module hands the kernel decides in
/// which contexts it calls its siblings, and what it exports can depend on them in turn, so the sets grow until nothing changes.
/// Known only if every module that can call is among those given: the caller sees to that.
/// </summary>
public static class SiblingExports
{
    /// <summary>By name of the exported function. A function that no sibling uses is left out: who calls it is not known.</summary>
    public static ImmutableSortedDictionary<string, EntryRule> Of(IReadOnlyList<DriverModel> models, KernelSpecs specs)
    {
        var graphs = models.Select(CallGraph.Build).ToArray();
        var exporters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var graph in graphs)
            foreach (var stored in graph.Stored.Where(s => s.Key == StoredFunctions.Export))
                if (graph.Function(stored.Function) is { } function)
                    exporters[function.Name] = graph.Model.Driver;
        var found = exporters.Keys.ToDictionary(name => name, name => (Context: ExecContext.None, By: new SortedSet<string>(StringComparer.Ordinal)));
        for (var grown = true; grown;)
        {
            grown = false;
            var known = specs with { Exports = found.ToImmutableSortedDictionary(f => f.Key, f => Rule(f.Value.Context, f.Value.By), StringComparer.Ordinal) };
            foreach (var graph in graphs)
            {
                foreach (var (name, context) in Uses(graph, known).Where(u => exporters.TryGetValue(u.Name, out var by) && by != graph.Model.Driver))
                {
                    var (before, users) = found[name];
                    users.Add(graph.Model.Driver);
                    grown |= (before | context) != before;
                    found[name] = (before | context, users);
                }
            }
        }

        return found.Where(f => f.Value.Context != ExecContext.None)
            .ToImmutableSortedDictionary(f => f.Key, f => Rule(f.Value.Context, f.Value.By), StringComparer.Ordinal);
    }

    /// <summary>Functions of others, with the contexts in which this module calls them, or in which the kernel does for which it hands them out.</summary>
    private static IEnumerable<(string Name, ExecContext Context)> Uses(CallGraph graph, KernelSpecs specs)
    {
        var contexts = Contexts.Of(graph, Roots.Of(graph, specs), LockRegions.Of(graph, specs));
        var rules = specs.Entries.ToDictionary(e => e.Key);
        foreach (var function in graph.Model.Functions.Where(f => f.Origin == FunctionOrigin.Extern))
        {
            var handedOut = graph.Stored.Where(s => s.Function == function.Id)
                .Aggregate(ExecContext.None, (all, s) => all | (rules.GetValueOrDefault(s.Key)?.Context ?? Root.AnyContext));
            yield return (function.Name, contexts.GetValueOrDefault(function.Id) | handedOut);
        }
    }

    private static EntryRule Rule(ExecContext context, IEnumerable<string> by) => new(
        StoredFunctions.Export, context, Hot: false, Deferrable: false, DeathRule.Fail, Contended: null,
        ImmutableSortedDictionary<int, string>.Empty, $"called by {string.Join(", ", by)}");
}
