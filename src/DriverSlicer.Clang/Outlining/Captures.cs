// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Clang.Native;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Outlining;

/// <summary>A region's place in the main file: [Start, End), the acquiring statement ending at AcquireEnd.</summary>
internal sealed record RegionPlace(int Start, int AcquireEnd, int End, bool InLoop, bool IsStraight = false)
{
    public bool Has(int at) => at >= Start && at < End;
}

/// <param name="Parameters">Declarations of what travels in.</param>
/// <param name="Locals">Declarations of what begins without a value there.</param>
/// <param name="Result">The one variable that comes back, or null.</param>
internal sealed record Captured(
    ImmutableArray<(string Type, string Name)> Parameters, ImmutableArray<(string Type, string Name)> Locals, (string Type, string Name)? Result);

/// <summary>
/// The variables of the function that a region uses:
///
///     only read in it                                          a parameter
///     set in it, not used behind it                            a parameter, which is a copy
///     set in it, used behind it (or anywhere, in a loop)       also the result; there may be one
///     no value yet when it begins, or a new one before it is
///     looked at; the flags of its own lock                     a local variable
/// </summary>
internal static class Captures
{
    public static Captured? Of(FunctionShape shape, RegionPlace region, IReadOnlyList<RegionPlace> all, out string obstacle)
    {
        var parameters = ImmutableArray.CreateBuilder<(string, string)>();
        var locals = ImmutableArray.CreateBuilder<(string, string)>();
        (string, string)? result = null;
        obstacle = "";
        foreach (var variable in shape.Variables.OrderBy(v => v.At))
        {
            var references = shape.References.Where(r => r.Variable == variable).ToArray();
            var inside = references.Where(r => region.Has(r.At)).ToArray();
            if (region.Has(variable.At))
            {
                if (variable.IsStatic || references.Length > inside.Length)
                    return Refuse(variable.IsStatic ? $"{variable.Name} is static or extern" : $"{variable.Name} is declared in the region and used behind it", out obstacle);
                continue;
            }

            if (inside.Length == 0)
                continue;
            if (variable.IsStatic)
                return Refuse($"{variable.Name} is static or extern", out obstacle);
            if (TypeOf(variable) is not { } type)
                return Refuse($"{variable.Name} is no number and no plain pointer", out obstacle);

            var declaration = (type, variable.Name);
            if (HoldsFlags(variable, references, all))
            {
                locals.Add(declaration);
                continue;
            }

            // A copy would miss what is stored through a pointer to it.
            if (references.Any(r => r.Use == VariableUse.Address))
                return Refuse($"the address of {variable.Name} is taken", out obstacle);
            var writes = inside.Any(IsWrite);
            var hasNoValue = (!variable.IsParameter && !variable.HasInitializer && !region.InLoop && references.All(r => r.At >= region.Start))
                || IsReplaced(shape, region, inside);
            (hasNoValue ? locals : parameters).Add(declaration);
            if (!writes || !references.Any(r => region.InLoop ? !region.Has(r.At) : r.At >= region.End))
                continue;
            if (result is var (_, other))
                return Refuse($"{other} and {variable.Name} are both set in the region and used behind it", out obstacle);
            result = declaration;
        }

        return new Captured(parameters.ToImmutable(), locals.ToImmutable(), result);
    }

    private static bool IsWrite(VariableReference reference) => reference.Use is VariableUse.Write or VariableUse.Assign;

    /// <summary>
    /// What the region does first with it is to set it to something else, whatever happens. The value from before may be none at all then, and
    /// a pointer that never was one cannot travel.
    /// </summary>
    private static bool IsReplaced(FunctionShape shape, RegionPlace region, VariableReference[] inside)
    {
        var first = inside.MinBy(r => r.At)!;
        return first.Use == VariableUse.Assign
            && shape.Blocks.FirstOrDefault(b => b.Starts(region.Start))?.Statements.FirstOrDefault(s => s.Start == first.At) is { } statement
            && inside.Count(r => statement.Has(r.At)) == 1 && !shape.Jumps.Any(j => region.Has(j.At) && j.At < first.At);
    }

    /// <summary>What each region sets where it takes its lock, and nobody looks at outside the regions: where the interrupt flags are kept.</summary>
    private static bool HoldsFlags(LocalVariable variable, VariableReference[] references, IReadOnlyList<RegionPlace> all) =>
        !variable.IsParameter && !variable.HasInitializer && variable.Declaration.Type().IsInteger()
        && references.All(r => all.Any(place => place.Has(r.At)))
        && all.All(place => references.Where(r => place.Has(r.At)).ToArray() is var own
            && (own.Length == 0 || (own.Any(r => IsWrite(r) && r.At < place.AcquireEnd)
                && !own.Any(r => r.Use is VariableUse.Read or VariableUse.Address && r.At < place.AcquireEnd))));

    /// <summary>As it is written, if a parameter can be declared with it at the end of the file.</summary>
    private static string? TypeOf(LocalVariable variable)
    {
        var canonical = variable.Declaration.Type();
        var plain = canonical.IsInteger()
            || (canonical.IsPointer() && canonical.Pointee() is var to && (to.IsInteger() || to.Kind is TypeKind.Void or TypeKind.Record));
        var text = TakeString(clang_getTypeSpelling(clang_getCursorType(variable.Declaration)));
        return plain && !text.AsSpan().ContainsAny("([") && !text.Contains("__attribute__", StringComparison.Ordinal)
            && !text.Split(' ').Contains("volatile") ? text : null;
    }

    private static Captured? Refuse(string why, out string obstacle)
    {
        obstacle = why;
        return null;
    }
}
