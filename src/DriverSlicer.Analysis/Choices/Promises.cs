// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Analysis;

/// <summary>
/// What a person vouches for in slice.toml, where the analysis can only assume the worst: the context of a place without a rule, the record behind
/// a pointer. A promise fills a gap; it never overrules what is known. Each is printed.
/// </summary>
internal static class Promises
{
    /// <summary>Places without a rule get one, if all functions that the driver puts there are promised.</summary>
    public static KernelSpecs Add(CallGraph graph, KernelSpecs specs)
    {
        var promised = Functions(specs.Choices).ToDictionary(c => c.Name, c => c.Promise!);
        if (promised.Count == 0)
            return specs;
        var places = Roots.Of(graph, specs).Where(r => r.Kind == RootKind.Unknown).GroupBy(r => r.Key).Where(g => g.All(r => promised.ContainsKey(r.Function.Name)));
        return specs with { Entries = [.. specs.Entries, .. places.Select(g => Rule(g.Key, promised[g.First().Function.Name]))] };
    }

    public static IEnumerable<FunctionChoice> Functions(SliceChoices choices) => choices.Functions.Where(c => c is { Half: Half.User, Promise: not null });

    public static IEnumerable<Diagnostic> Notes(SliceChoices choices) =>
        Functions(choices).Select(c => Note(c.Location, $"{c.Name} is taken to be called only where it may sleep", c.Promise!))
            .Concat(choices.Pointers.Select(p => Note(p.Location, $"{p.Name} is taken to lead to {(p.IsString ? "a string" : p.Is)} always", p.Promise)));

    /// <summary>The line to paste.</summary>
    public static string Line(string function) => $"{function} = {{ half = \"user\", promise = \"why it is called only where it may sleep\" }}";

    private static Diagnostic Note(Location at, string taken, string promise) =>
        new("DS0804", Severity.Note, at, $"promised: {taken}: {promise}", "nothing to do while that is true; nothing checks it");

    private static EntryRule Rule(string key, string why) =>
        new(key, ExecContext.Process, false, false, DeathRule.Fail, null, ImmutableSortedDictionary<int, string>.Empty, $"promised in slice.toml: {why}");
}
