// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using DriverSlicer.Emit.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Emit.Report;

/// <summary>report/manifest.txt: everything that can cross, for people to read.</summary>
internal static class Manifest
{
    public static string Text(Slice slice)
    {
        var plan = slice.Plan;
        var text = new StringBuilder();
        text.Append($"{slice.Name} for {plan.Model.Kernel}, slice {slice.SliceId}\n");
        Choices(text, plan.Choices);
        Heading(text, "Entry points of the user half");
        foreach (var upcall in plan.Upcalls)
        {
            text.Append($"{upcall.Name}({string.Join(", ", upcall.Parameters.Select(pass => PassText(plan, pass)))}) -> {PassText(plan, upcall.Result)}")
                .Append($"; {upcall.FieldsIn} fields in, {upcall.FieldsOut} out; on death: {upcall.OnDeath.ToString().ToLowerInvariant()}\n");
            foreach (var visit in upcall.Visits)
            {
                Fields(text, NameOf(plan, visit.Type), visit.Fields);
            }

            foreach (var use in upcall.Globals)
            {
                Fields(text, plan.Symbols[use.Symbol].Name, use.Fields);
            }

            if (!upcall.Calls.IsEmpty)
                text.Append($"    calls  {string.Join(", ", upcall.Calls.Select(call => plan.Downcalls[call].Name))}\n");
        }

        Heading(text, "What the user half may ask of the kernel");
        foreach (var downcall in plan.Downcalls)
        {
            text.Append($"{downcall.Name}({string.Join(", ", downcall.Parameters.Select(parameter => ParameterText(plan, parameter)))}) -> {ResultText(plan, downcall.Result)}")
                .Append($"; {string.Join(", ", DowncallTraits.Of(downcall).Prepend(downcall.Kind.ToString().ToLowerInvariant()))}\n");
        }

        Heading(text, "Entries of the kernel half that go through the gate");
        foreach (var entry in plan.Gated)
        {
            text.Append($"{entry.Name}: {entry.Action.Name}{(entry.Locked ? ", while the user half holds a lock" : "")}{(entry.Excluded ? ", while a deferred entry runs" : "")}{(entry.Yields ? ", while an upcall that writes the same fields runs, for a short time" : "")}\n");
        }

        Heading(text, "Entries that are put off into process context");
        foreach (var deferral in plan.Deferrals)
        {
            text.Append($"{plan.Upcalls[deferral.Upcall].Name}{(deferral.Hold is null ? "" : $", under {deferral.Hold}")}{(deferral.Excludes ? ", others excluded" : "")}\n");
        }

        Heading(text, "Locks");
        foreach (var answer in plan.Locks.OrderBy(l => l.Answer).ThenBy(l => l.Name, StringComparer.Ordinal))
        {
            text.Append($"{answer.Answer.ToString().ToLowerInvariant(),-8} {answer.Name}: {answer.Reason}; taken by {string.Join(", ", answer.Takers)}\n");
        }

        Heading(text, "Names that both halves know");
        foreach (var symbol in plan.Symbols)
        {
            text.Append($"{symbol.Name}: {symbol.Kind.ToString().ToLowerInvariant()}{(symbol.Size > 0 ? $", {symbol.Size} bytes" : "")}, {symbol.Unit}\n");
        }

        Heading(text, "Fields that both halves write");
        foreach (var both in plan.BothWritten)
        {
            text.Append($"{both.Record}.{both.Field}: user {string.Join(", ", both.UserWriters)}; kernel {string.Join(", ", both.KernelWriters)}\n");
        }

        Heading(text, "Functions");
        foreach (var placed in plan.Functions)
        {
            text.Append($"{placed.Half.ToString().ToLowerInvariant(),-6} {placed.Name}: {placed.Reason}\n");
        }

        return text.ToString();
    }

    /// <summary>What a person forced or promised; nothing checks a promise, so whoever reads on should know.</summary>
    private static void Choices(StringBuilder text, SliceChoices choices)
    {
        if (choices.Count == 0)
            return;
        Heading(text, "What slice.toml says");
        foreach (var function in choices.Functions)
            text.Append($"{function.Name}: {function.Half.ToString().ToLowerInvariant()}{(function.Promise is null ? "" : $"; promised to be called only where it may sleep: {function.Promise}")}\n");
        foreach (var pointer in choices.Pointers)
            text.Append($"{pointer.Name}: promised to lead to {(pointer.IsString ? "a string" : pointer.Is)} always: {pointer.Promise}\n");
        foreach (var one in choices.Locks)
            text.Append($"{one.Name}: {one.Answer.ToString().ToLowerInvariant()}\n");
    }

    private static void Heading(StringBuilder text, string heading) => text.Append($"\n{heading}\n{new string('-', heading.Length)}\n");

    private static void Fields(StringBuilder text, string of, IEnumerable<FieldPlan> fields)
    {
        foreach (var field in fields)
        {
            var direction = (field.In, field.Out) switch { (true, true) => "in out", (true, false) => "in", (false, true) => "out", _ => "-" };
            var count = field.Count > 1 ? $" x {field.Count}" : "";
            text.Append($"    {direction,-6} {of}{(field.Path.Length == 0 || field.Path[0] == '[' ? "" : ".")}{field.Path}  ({field.Kind.ToString().ToLowerInvariant()}, {field.Size} bytes{count} at {field.Offset})\n");
        }
    }

    private static string NameOf(SlicePlan plan, int type) =>
        type < 0 ? "?" : plan.Types[type].Spelling is { Length: > 0 } spelling ? spelling : $"type {type}";

    private static string PassText(SlicePlan plan, Pass pass) => pass.Kind switch
    {
        PassKind.Object => NameOf(plan, pass.Type) + " *",
        PassKind.Array => $"{(pass.Type < 0 ? "bytes" : NameOf(plan, pass.Type))}[{pass.Length} bytes]",
        PassKind.Scalar => $"{pass.Size * 8} bits",
        _ => pass.Kind.ToString().ToLowerInvariant(),
    };

    private static string ParameterText(SlicePlan plan, DownParameter parameter) => parameter.Kind switch
    {
        DownParameterKind.Object => NameOf(plan, parameter.Type) + " *",
        DownParameterKind.Scalar => CText.Name(parameter.CType),
        DownParameterKind.Buffer => $"buffer{(parameter.In ? " in" : "")}{(parameter.Out ? " out" : "")} {parameter.Size ?? ""}".TrimEnd(),
        DownParameterKind.StringKept => "string (kept)",
        DownParameterKind.Opaque when !parameter.Among.IsEmpty => string.Join(" | ", parameter.Among.Select(type => NameOf(plan, type) + " *")),
        DownParameterKind.Function when parameter.Functions >= 0 => string.Join(" | ", plan.FunctionSets[parameter.Functions].Select(symbol => plan.Symbols[symbol].Name)),
        _ => parameter.Kind.ToString().ToLowerInvariant(),
    };

    private static string ResultText(SlicePlan plan, DownResult result) => result.Kind switch
    {
        DownResultKind.Object => NameOf(plan, result.Type) + " *",
        DownResultKind.Scalar => CText.Name(result.CType),
        DownResultKind.Allocation or DownResultKind.Mmio => $"{result.Kind.ToString().ToLowerInvariant()} {result.Size}".TrimEnd(),
        _ => result.Kind.ToString().ToLowerInvariant(),
    };
}
