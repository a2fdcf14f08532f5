// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DriverSlicer.Emit.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Emit.Kernel;

/// <summary>Entries that the kernel half only notes: the body left in their place, and what the runtime must know to run them later.</summary>
internal static class DeferralText
{
    public static IReadOnlyList<string> Stub(Slice slice, Function function, int upcall)
    {
        if (function.Result.Kind != CKind.Void || slice.Plan.Upcalls[upcall].Parameters.Any(pass => pass.Kind == PassKind.Array))
        {
            throw new InvalidOperationException($"plan: {function.Name} is deferred, but returns something or takes an array");
        }

        return ["{", $"\tMD_DEFER({NameOf(slice, upcall)}{string.Concat(function.Parameters.Select(parameter => $", {CText.ToRaw(parameter.Type, parameter.Name)}"))});", "}"];
    }

    /// <summary>For stubs in any unit.</summary>
    public static string Declarations(Slice slice) => slice.Plan.Deferrals.IsEmpty ? "" : $$"""
        {{string.Concat(slice.Plan.Deferrals.Select(deferral => $"extern const struct md_deferral {NameOf(slice, deferral.Upcall)};\n"))}}
        /* Note an entry: it runs in the user half soon. */
        #define MD_DEFER(deferral, ...)					\
        	md_defer(&md_module, &deferral, (const u64[]){ 0, ##__VA_ARGS__ } + 1)

        """;

    public static string Definitions(Slice slice, Unit unit) =>
        string.Concat(slice.Plan.Deferrals.Where(deferral => slice.Plan.Upcalls[deferral.Upcall].Unit == unit.Path).Select(deferral => Definition(slice, deferral)));

    private static string Definition(Slice slice, Deferral deferral)
    {
        var name = NameOf(slice, deferral.Upcall);
        var function = slice.Cut.Texts.Single(function => function.Id == slice.Plan.Upcalls[deferral.Upcall].Function);
        return $$"""
            {{Bracket(function, $"{name}_hold", deferral.Hold)}}{{Bracket(function, $"{name}_unhold", deferral.Unhold)}}const struct md_deferral {{name}} = {
            	.plan = {{slice.UpcallNames[deferral.Upcall]}},
            	.closes = {{(deferral.Excludes ? "MD_GATE_EXCLUDE" : "0")}},
            	.hold = {{(deferral.Hold is null ? "NULL" : $"{name}_hold")}},
            	.unhold = {{(deferral.Unhold is null ? "NULL" : $"{name}_unhold")}},
            };


            """;
    }

    private static string Bracket(Function function, string name, string? statement)
    {
        if (statement is null)
        {
            return "";
        }

        var locals = function.Parameters.Select((parameter, i) => (parameter.Type, i)).Where(p => Regex.IsMatch(statement, $@"\ba{p.i}\b"))
            .Select(p => $"\t{CText.Declare(CText.AsParameter(p.Type), $"a{p.i}")} = {CText.FromRaw(p.Type, $"args[{p.i}]")};\n").ToImmutableArray();
        return $$"""
            static void {{name}}(const u64 *args)
            {
            {{string.Concat(locals)}}{{(locals.IsEmpty ? "" : "\n")}}	{{statement}};
            }


            """;
    }

    private static string NameOf(Slice slice, int upcall) => "md_deferral_" + slice.UpcallNames[upcall]["MD_PLAN_".Length..];
}
