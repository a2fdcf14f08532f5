// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>Makes a downcall of every function that the user half calls and does not have.</summary>
internal static class DowncallRules
{
    /// <summary>Arguments of a frame on the wire.</summary>
    public const int ArgumentsMax = 12;

    public static ImmutableArray<DowncallDraft> All(UserHalf half, SlotFacts slots, Uses uses)
    {
        var sites = half.Own.SelectMany(f => f.Facts.OfType<Call>().SelectMany(c => half.Callees(c).Select(callee => (callee, Site: new Site(f, c)))))
            .Where(p => half.TargetOf(p.callee) == Target.Downcall);
        return
        [
            .. sites.GroupBy(p => p.callee.Id).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => Of(half, slots, uses, g.First().callee, [.. g.Select(p => p.Site)])),
        ];
    }

    public static DowncallDraft Of(UserHalf half, SlotFacts slots, Uses uses, Function callee, ImmutableArray<Site> sites)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var arguments = new ArgumentRules(half, slots, uses, callee, sites, problems);
        var format = callee.IsVariadic ? FormatOf(callee) : -1;
        var admissible = new Admissible(half, slots, uses, callee, sites);
        var parameters = callee.Parameters.Select((p, i) =>
            i == format ? new ParameterDraft(DownParameterKind.Format, p.Type) : Admitted(admissible, arguments.Of(p.Type.Decayed(), i), i)).ToImmutableArray();
        if (callee.IsVariadic && format < 0)
            arguments.Everywhere(Trouble.Prototype, $"{callee.Name} takes a variable number of arguments, and is no printf");
        if (callee.Parameters.Length > ArgumentsMax)
            arguments.Everywhere(Trouble.Prototype, $"{callee.Name} takes more than {ArgumentsMax} arguments");
        var result = ResultRules.Of(half, uses, callee, sites, problems);
        return new DowncallDraft(
            callee, KindOf(callee), UnitOf(half, callee, sites), parameters, result, half.Rule(callee).Frees, callee.IsVariadic, sites, problems.ToImmutable());
    }

    private static ParameterDraft Admitted(Admissible admissible, ParameterDraft parameter, int index) => parameter with
    {
        Needed = admissible.IsNeeded(parameter, index),
        Cookie = admissible.IsCookie(parameter, index),
        Errors = admissible.IsError(parameter, index),
        Among = admissible.Records(parameter, index),
        Functions = admissible.Functions(parameter, index),
    };

    /// <summary>Which argument is a printf format, or -1: its text is made in the user half.</summary>
    public static int FormatOf(Function callee)
    {
        for (var i = 0; i < callee.Parameters.Length; i++)
            if (callee.Attributes.Contains($"format:{i + 1}") && callee.Parameters[i].Type.IsCharPointer())
                return i;
        return -1;
    }

    private static DowncallKind KindOf(Function callee) => callee.Origin switch
    {
        FunctionOrigin.Extern => DowncallKind.Extern,
        FunctionOrigin.HeaderInline => DowncallKind.Inline,
        FunctionOrigin.MacroShim => DowncallKind.Macro,
        _ => DowncallKind.Driver,
    };

    /// <summary>A unit in which the name is visible: the function's own, or that of the first caller.</summary>
    private static string UnitOf(UserHalf half, Function callee, ImmutableArray<Site> sites)
    {
        if (callee.Origin is FunctionOrigin.Driver or FunctionOrigin.Macro)
            return callee.Unit;
        var callers = sites.IsEmpty ? half.Graph.In(callee.Id).Select(e => e.Caller) : sites.Select(s => s.Caller);
        return callers.Select(c => c.Unit).OrderBy(u => Units.IndexOf(half.Graph.Model, u)).First();
    }
}
