// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Clang.Lowering;

/// <summary>Joins units: what one only declares another may define; what several see (headers) is kept once.</summary>
internal static class Merge
{
    public static DriverModel Units(
        string driver, string kernel, ImmutableArray<(SourceFile File, UnitModel Model)> units, ImmutableArray<Diagnostic> diagnostics)
    {
        var functions = units.SelectMany(u => u.Model.Functions)
            .GroupBy(f => f.Id, StringComparer.Ordinal)
            .Select(Best)
            .OrderBy(f => Rank(f.Origin)).ThenBy(f => f.Location.File, StringComparer.Ordinal).ThenBy(f => f.Location.Line)
            .ThenBy(f => f.Location.Column).ThenBy(f => f.Id, StringComparer.Ordinal);
        var globals = units.SelectMany(u => u.Model.Globals)
            .GroupBy(g => g.Id, StringComparer.Ordinal)
            .Select(g => g.FirstOrDefault(x => !x.IsExtern) ?? g.First())
            .OrderBy(g => g.Location.File, StringComparer.Ordinal).ThenBy(g => g.Location.Line).ThenBy(g => g.Location.Column)
            .ThenBy(g => g.Id, StringComparer.Ordinal);
        var records = units.SelectMany(u => u.Model.Records.Select(r => r with { SeenIn = u.File.Path }))
            .GroupBy(r => r.Id, StringComparer.Ordinal)
            .Select(Best)
            .OrderBy(r => r.Id, StringComparer.Ordinal);
        return new DriverModel(
            DriverModel.CurrentSchema, driver, kernel, [.. units.Select(u => u.File)], [.. records], [.. functions], [.. globals], diagnostics);
    }

    private static Function Best(IEnumerable<Function> same)
    {
        var all = same.ToArray();
        var best = all.FirstOrDefault(f => f.Origin is FunctionOrigin.Driver or FunctionOrigin.Macro)
            ?? all.FirstOrDefault(f => f.Origin == FunctionOrigin.HeaderInline) ?? all[0];
        // format and noreturn often stand on the header's declaration only.
        return best with { Attributes = [.. all.SelectMany(f => f.Attributes).Distinct().Order(StringComparer.Ordinal)] };
    }

    private static CRecord Best(IEnumerable<CRecord> same)
    {
        var all = same.ToArray();
        var complete = all.FirstOrDefault(r => r.IsComplete) ?? all[0];
        return (all.FirstOrDefault(r => !r.Fields.IsEmpty) ?? complete) with { SeenIn = complete.SeenIn };
    }

    private static int Rank(FunctionOrigin origin) => origin switch
    {
        FunctionOrigin.Driver or FunctionOrigin.Macro => 0,
        FunctionOrigin.HeaderInline => 1,
        _ => 2,
    };
}
