// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>Lines of slice.toml that name nothing, or promise what needs no promise: errors, for what they meant to say is not done.</summary>
internal static class StaleChoices
{
    public static ImmutableArray<Diagnostic> Of(CallGraph graph, KernelSpecs specs)
    {
        if (specs.Choices.Count == 0)
            return [];
        var model = graph.Model;
        var own = model.Functions.Where(f => f.Origin == FunctionOrigin.Driver && f.Body is not null && model.OutlinedAs(f) is null).Select(f => f.Name).Distinct().ToArray();
        var locks = LockNames(graph, specs);
        var records = new Records(model);
        var unpromised = specs.Choices.Pointers.IsEmpty ? null : new Ground(graph, specs with { Choices = SliceChoices.None }).Slots;
        return
        [
            .. specs.Choices.Functions.Where(c => !own.Contains(c.Name)).Select(c => Stale(c.Location, $"the driver has no function {c.Name}", own, c.Name)),
            .. Promises.Functions(specs.Choices).Where(c => own.Contains(c.Name)).SelectMany(c => Needless(graph, specs, c)),
            .. specs.Choices.Pointers.SelectMany(p => Pointer(model, unpromised!, records, p)),
            .. specs.Choices.Locks.Where(l => !locks.Contains(l.Name)).Select(l => Stale(l.Location, $"the driver takes no lock {l.Name}", locks, l.Name)),
        ];
    }

    private static string[] LockNames(CallGraph graph, KernelSpecs specs)
    {
        var regions = LockRegions.Of(graph, specs);
        return [.. graph.Model.Functions.SelectMany(f => regions.In(f.Id)).Select(r => r.Lock.Text).Distinct()];
    }

    /// <summary>A promise is about places without a rule, and about all that stands in one.</summary>
    private static IEnumerable<Diagnostic> Needless(CallGraph graph, KernelSpecs specs, FunctionChoice choice)
    {
        var unknown = Roots.Of(graph, specs).Where(r => r.Kind == RootKind.Unknown).ToArray();
        var places = unknown.Where(r => r.Function.Name == choice.Name).Select(r => r.Key).ToArray();
        if (places.Length == 0)
            yield return new Diagnostic("DS0803", Severity.Error, choice.Location, $"nothing is to be promised of {choice.Name}: every place that holds it has a rule", $"write {choice.Name} = \"user\", or remove the line");
        var promised = Promises.Functions(specs.Choices).Select(c => c.Name).ToHashSet();
        foreach (var other in unknown.Where(r => places.Contains(r.Key) && !promised.Contains(r.Function.Name)).DistinctBy(r => r.Function.Name))
            yield return new Diagnostic("DS0803", Severity.Error, choice.Location, $"{other.Key} holds {other.Function.Name} too, of which nothing is promised", $"if the same is true of it, add: {Promises.Line(other.Function.Name)}");
    }

    private static IEnumerable<Diagnostic> Pointer(DriverModel model, SlotFacts slots, Records records, PointerChoice choice)
    {
        var dot = choice.Name.IndexOf('.', StringComparison.Ordinal);
        CType? type;
        if (dot < 0)
        {
            type = model.Globals.FirstOrDefault(g => g.Name == choice.Name)?.Type;
        }
        else
        {
            var owner = model.Records.FirstOrDefault(r => r.Spelling == choice.Name[..dot]);
            type = owner is null || records.Resolve(owner.Id, choice.Name[(dot + 1)..].Split('.')) is not { } place ? null : records.Elements(place)?.Type ?? place.Type;
        }

        if (type is null)
            yield return Stale(choice.Location, $"the driver knows no {choice.Name}", [.. model.Records.Where(r => r.InDriver).SelectMany(r => r.Fields.Select(f => $"{r.Spelling}.{f.Name}"))], choice.Name);
        else if (choice.IsString ? !type.IsCharPointer() : !type.IsUntyped())
            yield return new Diagnostic("DS0803", Severity.Error, choice.Location, $"{choice.Name} is {type.Spelling}: its type says what it leads to", "remove the line");
        else if (!choice.IsString && !model.Records.Any(r => r.Spelling == choice.Is && r.Size > 0))
            yield return Stale(choice.Location, $"the driver knows no {choice.Is}", [.. model.Records.Where(r => r.InDriver).Select(r => r.Spelling)], choice.Is);
        else if (!choice.IsString && slots.IsAlways(choice.Name, choice.Is))
            yield return new Diagnostic("DS0803", Severity.Error, choice.Location, $"the driver takes {choice.Name} for nothing else than {choice.Is}: nothing is to be promised", "remove the line");
    }

    private static Diagnostic Stale(Location at, string what, IEnumerable<string> known, string name)
    {
        var tail = name.Split('.', ' ')[^1];
        var near = known.Where(k => k.Contains(tail, StringComparison.OrdinalIgnoreCase) || name.Contains(k, StringComparison.OrdinalIgnoreCase))
            .Distinct().Order(StringComparer.Ordinal).Take(5).ToArray();
        return new Diagnostic("DS0801", Severity.Error, at, what, near.Length > 0 ? $"did you mean {string.Join(", ", near)}? else remove the line" : "remove the line");
    }
}
