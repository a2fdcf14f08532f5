// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Lab;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Running;

/// <summary>
/// A hook of the tests: makes a finished plan wrong in one place, so that <c>run --poison</c> has something to find.
/// Given as TYPE.PATH:in or TYPE.PATH:out, as report/manifest.txt writes fields.
/// </summary>
public static class DropField
{
    public static Sliced From(Sliced sliced, string? what)
    {
        if (what is null)
            return sliced;
        var colon = what.LastIndexOf(':');
        var (name, direction) = colon < 0 ? (what, "") : (what[..colon], what[(colon + 1)..]);
        if (direction is not ("in" or "out"))
            throw new LabUsageException($"--drop-field {what}: give TYPE.FIELD:in or TYPE.FIELD:out");
        var (plan, dropped) = (sliced.Plan, 0);

        FieldPlan Drop(FieldPlan field)
        {
            dropped += direction == "in" ? (field.In ? 1 : 0) : field.Out ? 1 : 0;
            return direction == "in" ? field with { In = false } : field with { Out = false };
        }

        bool Is(string of, FieldPlan field) => name == $"{of}.{field.Path}" || name == of + field.Path;
        var upcalls = plan.Upcalls.Select(upcall => upcall with
        {
            Visits = [.. upcall.Visits.Select(v => v with
            {
                Fields = [.. v.Fields.Select(f => Is(plan.Types[v.Type].Spelling, f) ? Drop(f) : f).Where(f => f.In || f.Out || f.Kind == FieldKind.Embed)],
            })],
            Globals = [.. upcall.Globals.Select(g => g with
            {
                Fields = [.. g.Fields.Select(f => Is(plan.Symbols[g.Symbol].Name, f) ? Drop(f) : f).Where(f => f.In || f.Out || f.Kind == FieldKind.Embed)],
            })],
        }).ToArray();
        return dropped > 0
            ? sliced with { Plan = plan with { Upcalls = [.. upcalls] } }
            : throw new LabUsageException($"--drop-field {what}: no entry point's plan has it; report/manifest.txt of a slice lists them");
    }
}
