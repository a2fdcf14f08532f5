// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using DriverSlicer.Emit.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Emit.Kernel;

/// <summary>The tables of one entry point: its parameters, and for each record type what of it travels.</summary>
internal static class PlanTable
{
    public static string Text(Slice slice, int id, Upcall upcall)
    {
        var text = new StringBuilder();
        text.Append($"/* ---- {upcall.Name}: {upcall.FieldsIn} fields in, {upcall.FieldsOut} out ---- */\n\n");
        text.Append(Parameters(slice, id, upcall).Define("Parameters."));
        for (var i = 0; i < upcall.Visits.Length; i++)
        {
            text.Append(Fields(slice, $"fields_{id}_{i}", upcall.Visits[i].Fields).Define(NameOf(slice, upcall.Visits[i].Type)));
            text.Append(DerivedRows(slice, id, i, upcall.Visits[i]).Define("Reached from it at a constant distance."));
        }

        for (var i = 0; i < upcall.Globals.Length; i++)
        {
            text.Append(Fields(slice, $"global_{id}_{i}", upcall.Globals[i].Fields).Define($"Variable {slice.Plan.Symbols[upcall.Globals[i].Symbol].Name}"));
        }

        text.Append(Visits(slice, id, upcall).Define("Records that it looks into."));
        return text.Append(Globals(slice, id, upcall).Define("Variables that it uses.")).ToString();
    }

    public static string Row(Slice slice, int id, Upcall upcall) => $$"""
        [{{slice.UpcallNames[id]}}] = {
        		.name = {{CText.Quote(upcall.Name)}},
        		.param_count = {{upcall.Parameters.Length}},
        		.on_death = {{OnDeath(upcall.OnDeath)}},
        		.holds = {{(upcall.HoldsRtnl ? "MD_HOLDS_RTNL" : "0")}},
        		.visit_count = {{upcall.Visits.Length}},
        		.result = {{PassOf(slice, upcall.Result)}},
        		.params = {{Parameters(slice, id, upcall).Reference}},
        		.visits = {{Visits(slice, id, upcall).Reference}},
        		.globals = {{Globals(slice, id, upcall).Reference}},
        		.global_count = {{upcall.Globals.Length}},
        		.hidden_count = {{upcall.Parameters.Count(parameter => parameter.Length is not null)}},
        		.calls = {{Calls(slice, upcall)}},
        		.endless = {{(upcall.Endless ? "true" : "false")}},
        		.alone = {{(upcall.Alone ? "true" : "false")}},
        		.binds = {{(upcall.Binds ? "true" : "false")}},
        	},
        """;

    /// <summary>A bit for each downcall, in words of 64.</summary>
    private static string Calls(Slice slice, Upcall upcall)
    {
        var words = new ulong[(slice.Plan.Downcalls.Length / 64) + 1];
        foreach (var call in upcall.Calls)
            words[call / 64] |= 1UL << (call % 64);
        return $"(const u64 []){{ {string.Join(", ", words.Select(word => string.Create(CultureInfo.InvariantCulture, $"0x{word:x}")))} }}";
    }

    private static CArray Parameters(Slice slice, int id, Upcall upcall) => new(
        "static const struct md_param", $"params_{id}", [.. upcall.Parameters.Select((parameter, i) => Parameter(slice, upcall, parameter, i) + ",")]);

    /// <summary>Lengths of arrays are hidden arguments behind the last parameter, in order.</summary>
    private static string Parameter(Slice slice, Upcall upcall, Pass pass, int index) => pass.Kind != PassKind.Array
        ? PassOf(slice, pass)
        : $"{{ {PassKindOf(pass.Kind)}, {pass.Size}, {slice.Type(pass.Type)}, {upcall.Parameters.Length + upcall.Parameters.Take(index).Count(p => p.Length is not null)}, {Direction(pass.In, pass.Out)} }}";

    private static CArray Visits(Slice slice, int id, Upcall upcall) => new(
        "static const struct md_visit", $"visits_{id}",
        [.. upcall.Visits.Select((visit, i) =>
        {
            var fields = Fields(slice, $"fields_{id}_{i}", visit.Fields);
            var derived = DerivedRows(slice, id, i, visit);
            return $"{{ {slice.Type(visit.Type)}, {fields.Count}, {derived.Count}, 0, {fields.Reference}, {derived.Reference} }},";
        })]);

    private static CArray Globals(Slice slice, int id, Upcall upcall) => new(
        "static const struct md_global", $"globals_{id}",
        [.. upcall.Globals.Select((use, i) =>
        {
            var fields = Fields(slice, $"global_{id}_{i}", use.Fields);
            return $"{{ {use.Symbol}, {fields.Count}, 0, {fields.Reference} }},\t/* {slice.Plan.Symbols[use.Symbol].Name} */";
        })]);

    private static CArray Fields(Slice slice, string name, ImmutableArray<FieldPlan> fields) => new(
        "static const struct md_field", name,
        [.. fields.Select(field =>
            $"{{ {field.Offset}, {field.Size}, {field.Count}, {field.Stride}, {(field.Kind == FieldKind.PtrFunc ? DowncallHandler.SetOf(field.Functions) : slice.Type(field.Type))}, {KindOf(field.Kind)}, {Direction(field)} }},"
            + (field.Path.Length == 0 ? "" : $"\t/* {field.Path} */"))]);

    private static CArray DerivedRows(Slice slice, int id, int visit, Visit of) => new(
        "static const struct md_derived", $"derived_{id}_{visit}", [.. of.Derived.Select(derived => $"{{ {derived.Offset}, {slice.Type(derived.Type)} }},")]);

    private static string NameOf(Slice slice, int type) =>
        slice.Plan.Types[type].Spelling is { Length: > 0 } spelling ? spelling : slice.Type(type);

    private static string PassOf(Slice slice, Pass pass) => $"{{ {PassKindOf(pass.Kind)}, {pass.Size}, {slice.Type(pass.Type)} }}";

    private static string Direction(FieldPlan field) => Direction(field.In, field.Out) + (field.Cookie ? " | MD_COOKIE" : "");

    private static string Direction(bool isIn, bool isOut) => (isIn, isOut) switch
    {
        (true, true) => "MD_IN | MD_OUT",
        (true, false) => "MD_IN",
        (false, true) => "MD_OUT",
        _ => "0",
    };

    private static string OnDeath(DeathRule rule) => rule switch
    {
        DeathRule.Fail => "MD_FAIL",
        DeathRule.Retry => "MD_RETRY",
        DeathRule.Undo => "MD_UNDO",
        _ => throw new InvalidOperationException($"death rule {rule}"),
    };

    private static string PassKindOf(PassKind kind) => kind switch
    {
        PassKind.Scalar => "MD_PASS_SCALAR",
        PassKind.Object => "MD_PASS_OBJECT",
        PassKind.String => "MD_PASS_STRING",
        PassKind.Opaque => "MD_PASS_OPAQUE",
        PassKind.Func => "MD_PASS_FUNC",
        PassKind.Any => "MD_PASS_ANY",
        PassKind.Void => "MD_PASS_VOID",
        PassKind.Array => "MD_PASS_ARRAY",
        _ => throw new InvalidOperationException($"pass kind {kind}"),
    };

    private static string KindOf(FieldKind kind) => kind switch
    {
        FieldKind.Bytes => "MD_BYTES",
        FieldKind.Bits => "MD_BITS",
        FieldKind.Ptr => "MD_PTR",
        FieldKind.PtrArray => "MD_PTR_ARRAY",
        FieldKind.PtrAny => "MD_PTR_ANY",
        FieldKind.PtrOpaque => "MD_PTR_OPAQUE",
        FieldKind.PtrBytes => "MD_PTR_BYTES",
        FieldKind.PtrString => "MD_PTR_STRING",
        FieldKind.PtrFunc => "MD_PTR_FUNC",
        FieldKind.Embed => "MD_EMBED",
        _ => throw new InvalidOperationException($"field kind {kind}"),
    };
}
