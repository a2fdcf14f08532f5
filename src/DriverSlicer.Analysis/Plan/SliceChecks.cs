// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.Plan.Checks;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// Asks the plan's main question again, from the facts and the finished tables, with a second and simpler implementation: is every byte
/// that the closure of an entry point reads brought, and every byte it writes returned? A field quietly not copied is the
/// worst bug there can be, so neither implementation is believed alone. Also: numbers that point outside of tables, rows outside of
/// records, pointers that travel as bytes.
/// </summary>
public static class SliceChecks
{
    public static ImmutableArray<Diagnostic> Run(SlicePlan plan, KernelSpecs specs)
    {
        var graph = CallGraph.Build(plan.Model);
        var layout = new Layout(plan.Model);
        var mapped = new MappedRecords(plan.Model, specs);
        return
        [
            .. TableChecks.Run(plan, layout).Concat(plan.Upcalls.SelectMany(u => Coverage.Check(plan, graph, layout, mapped, u)))
                .Distinct().OrderBy(d => d.Location.File, StringComparer.Ordinal).ThenBy(d => d.Location.Line).ThenBy(d => d.Location.Column)
                .ThenBy(d => d.Message, StringComparer.Ordinal),
        ];
    }

    internal static Diagnostic Failure(Location location, string message) => new(
        "DS0590", Severity.Error, location, message,
        "report this as a bug of driverslicer; nothing was written, since the slice could lose data");
}
