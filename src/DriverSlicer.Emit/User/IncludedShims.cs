// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Emit.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Emit.User;

/// <summary>
/// Functions in the driver's own headers stand before the units' generated header, so the names that mean something else in a process, and
/// those that lead to the kernel, are put around each that stays, and taken away again: headers of the kernel may still follow.
/// </summary>
internal static class IncludedShims
{
    public static void Apply(Slice slice, SourceEdits edits, string path)
    {
        foreach (var function in slice.Cut.Texts.Where(function => function.Definition!.File == path && slice.Cut.InUser(function) == Fate.Kept))
        {
            var used = Used(slice, function);
            var (start, end) = (function.Definition!.Start, function.Definition.End);
            var unit = slice.Units.Single(unit => unit.Path == function.Unit);
            edits.Insert(start, $"{(edits.IsLineStart(start) ? "" : "\n")}#include \"md_names_push.h\"\n"
                + (used.IsEmpty ? "" : $"#include \"{UserHeader.StubsOf(slice)}\"\n")
                + string.Concat(used.Select(downcall => Before(unit, downcall))) + $"#line {edits.LineAt(start)} \"{path}\"\n");
            edits.Insert(end, "\n" + string.Concat(used.Select(downcall => $"#pragma pop_macro(\"{downcall.Name}\")\n"))
                + $"#include \"md_names_pop.h\"\n#line {edits.LineAt(end)} \"{path}\"\n");
        }
    }

    private static ImmutableArray<Downcall> Used(Slice slice, Function function)
    {
        var callees = function.Facts.OfType<Call>().Select(call => call.Callee).ToHashSet();
        return [.. slice.Plan.Downcalls.Where(downcall => callees.Contains(downcall.Function)
            && (downcall.Kind == DowncallKind.Inline || (downcall.Kind == DowncallKind.Extern && UserHeader.Allocates(downcall))))];
    }

    private static string Before(Unit unit, Downcall downcall) => $"#pragma push_macro(\"{downcall.Name}\")\n" + (UserHeader.Allocates(downcall)
        ? (downcall.Kind == DowncallKind.Inline ? UserHeader.Prototype(downcall) : "") + UserHeader.Placed(unit, downcall)
        : UserHeader.Inline(downcall));
}
