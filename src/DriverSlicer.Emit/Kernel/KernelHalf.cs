// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Emit.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Emit.Kernel;

/// <summary>All of kernel/: units, included files, the generated headers and trailers, tables, Kbuild.</summary>
internal static class KernelHalf
{
    public static IEnumerable<OutputFile> Write(Slice slice)
    {
        var rewriting = new Rewriting(slice.Cut.InKernel, function => Stub(slice, function), slice.KernelHeader, (_, _) => { })
        {
            OnKept = (edits, path, function) => GateHeader.KeepName(slice, edits, path, function),
        };
        return slice.Units.Select(unit => new OutputFile($"kernel/{Above.PathOf(unit.KernelFile)}", UnitText(slice, rewriting, unit)))
            .Concat(slice.Units.Select(unit => new OutputFile($"kernel/{Above.PathOf(unit.Beside(TrailerOf(unit)))}", KernelTrailer.Text(slice, unit))))
            .Concat(slice.Units.Where(unit => GateHeader.IsNeeded(slice, unit)).Select(unit => new OutputFile($"kernel/{Above.PathOf(unit.Beside(GateHeader.FileOf(unit)))}", GateHeader.Text(slice, unit))))
            .Concat(rewriting.Included(slice, "kernel"))
            .Concat(Above.Placeholders(slice, "kernel"))
            .Append(new OutputFile($"kernel/{slice.NumbersHeader}", NumbersHeader.Text(slice)))
            .Append(new OutputFile($"kernel/{slice.KernelHeader}", KernelHeader.Text(slice)))
            .Append(new OutputFile($"kernel/{KernelTables.FileOf(slice)}.c", KernelTables.Text(slice)))
            .Append(new OutputFile("kernel/Kbuild", Kbuild.Text(slice)))
            .Append(new OutputFile("kernel/Makefile", Kbuild.Makefile(slice)));
    }

    private static IReadOnlyList<string> Stub(Slice slice, Function function)
    {
        var id = slice.Cut.Upcalls[function.Id];
        return slice.Plan.Deferrals.Any(deferral => deferral.Upcall == id) ? DeferralText.Stub(slice, function, id) : UpcallStub.Body(function, slice.Plan.Upcalls[id], slice.UpcallNames[id]);
    }

    private static string TrailerOf(Unit unit) => $"md_{unit.Id}_k.c";

    private static string UnitText(Slice slice, Rewriting rewriting, Unit unit)
    {
        var header = GateHeader.IsNeeded(slice, unit) ? GateHeader.FileOf(unit) : slice.KernelHeader;
        var text = rewriting.UnitText(slice, unit, header, TrailerOf(unit));
        return unit.IsRenamed ? $"{RenamedHead(unit)}\n{text}" : text;
    }

    /// <summary>__FILE__, warnings and debug information name the driver's own file, which Kbuild does not let this one be called.</summary>
    private static string RenamedHead(Unit unit) => $"""
        #undef KBUILD_BASENAME
        #define KBUILD_BASENAME {CText.Quote(System.IO.Path.GetFileNameWithoutExtension(unit.Path))}
        #line 1 {CText.Quote(unit.Path)}
        """;
}
