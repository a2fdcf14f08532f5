// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Emit.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Emit.Kernel;

/// <summary>What the kernel enters instead of an entry of the driver: the function itself if the gate is open, else the contended action.</summary>
internal static class GateWrapper
{
    public static string All(Slice slice, Unit unit) => string.Concat(slice.Plan.Gated.Where(entry => entry.Unit == unit.Path)
        .Select(entry => Text(entry, slice.Cut.Texts.Single(function => function.Id == entry.Function))));

    private static string Text(GatedEntry entry, Function function)
    {
        var parameters = string.Join(", ", function.Parameters.Select((parameter, i) => CText.Declare(CText.AsParameter(parameter.Type), $"a{i}")));
        var arguments = string.Join(", ", function.Parameters.Select((_, i) => $"a{i}"));
        var isVoid = function.Result.Kind == CKind.Void;
        return $$"""
            /* {{function.Name}} as the kernel enters it. */
            {{(function.IsStatic ? "static " : "")}}{{CText.Declare(function.Result, $"({function.Name})")}}({{(parameters.Length == 0 ? "void" : parameters)}})
            {
            	struct md_gate *gate = &md_gate;
            {{(entry.Action.Before is null ? "" : "\tvoid *kept;\n")}}{{(isVoid ? "" : $"\t{CText.Declare(function.Result, "r")};\n")}}
            {{Enter(entry, function.Result)}}{{(entry.Action.Before is { } before ? $"\tkept = {before};\n" : "")}}	{{(isVoid ? "" : "r = ")}}{{GateHeader.FunctionOf(function.Name)}}({{arguments}});
            {{(entry.Action.After is { } after ? $"\t{after};\n" : "")}}	md_gate_leave(gate);
            {{(isVoid ? "" : "\treturn r;\n")}}}


            """;
    }

    private static string Enter(GatedEntry entry, CType result)
    {
        var minds = Minds(entry);
        var isVoid = result.Kind == CKind.Void;
        var leave = isVoid ? "return;" : $"return {entry.Action.Result};";
        var giveUp = isVoid ? "return;" : $"return {WhenFailed.Value(result, "-EIO")};";
        return entry.Action switch
        {
            { Waits: true } when entry.Ends => $"\twhile (!md_gate_enter(gate, {minds}))\n\t\tmd_gate_wait_end(gate, {minds});\n",
            { Waits: true } => $"\twhile (!md_gate_enter(gate, {minds})) {{\n\t\tif (md_gate_wait(gate, {minds}))\n\t\t\t{giveUp}\n\t}}\n",
            { Postpone: { } postpone } => $"\twhile (!md_gate_enter(gate, {minds})) {{\n\t\tif ({postpone})\n\t\t\t{leave}\n\t}}\n",
            _ => $"\tif (!md_gate_enter(gate, {minds}))\n\t\t{leave}\n",
        };
    }

    private static string Minds(GatedEntry entry)
    {
        var reasons = new[] { (entry.Locked, "MD_GATE_LOCK"), (entry.Excluded, "MD_GATE_EXCLUDE"), (entry.Yields, "MD_GATE_ALONE") }
            .Where(reason => reason.Item1).Select(reason => reason.Item2).ToArray();
        return reasons.Length > 0 ? string.Join(" | ", reasons) : throw new InvalidOperationException($"plan: nothing closes the gate for {entry.Name}");
    }
}
