// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text;
using DriverSlicer.Emit.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Emit.Kernel;

/// <summary>
/// Problem: a macro such as mutex_init() leaves a lock class behind for each place that has it, and a handler is one place. Two locks of one
/// class that are used differently are a fault to lockdep. So a handler has the macro once for each place in the user half's text, and chooses
/// by the place that the call names. What lockdep calls the class is the text of the argument: a variable whose name says which lock it is.
///
///     case 1 &lt;&lt; 16 | 19: {
///         struct mutex *lock_main_c_19 = a0;
///
/// A process that names another place gets another class. Known limit: places in the same line of a unit are one class.
/// </summary>
internal static class LockClasses
{
    /// <summary>In place of the macro itself; null if its places do not matter, or are not known.</summary>
    public static string? Invocations(Slice slice, Downcall downcall)
    {
        var places = slice.IsLockClass(downcall) ? Places(slice, downcall) : [];
        if (places.IsEmpty)
        {
            return null;
        }

        var text = new StringBuilder("\t/* Each place is a lock class of its own. */\n\tswitch (md_call_site(c)) {\n");
        var arguments = downcall.Parameters.Select((_, i) => $"a{i}").ToImmutableArray();
        foreach (var (site, name) in places)
        {
            text.Append($"\tcase {site}: {{\n\t\t{CText.Declare(CText.AsParameter(downcall.Parameters[0].CType), name)} = a0;\n\n")
                .Append($"\t{DowncallHandler.Call(downcall, arguments.SetItem(0, name))}\t\tbreak;\n\t}}\n");
        }

        return text.Append($"\tdefault:\n\t{DowncallHandler.Call(downcall, arguments)}\t}}\n").ToString();
    }

    private static ImmutableArray<(string Site, string Name)> Places(Slice slice, Downcall downcall)
    {
        var calls = from unit in slice.Units
                    from function in slice.Cut.Texts
                    where function.Unit == unit.Path && slice.Cut.InUser(function) == Fate.Kept
                    from call in function.Facts.OfType<Call>()
                    where call.Callee == downcall.Function
                    orderby unit.Index, call.Location.Line
                    select (Site: unit.Site(Slice.Number(call.Location.Line)), Name: NameOf(call));
        return [.. calls.DistinctBy(place => place.Site)];
    }

    private static string NameOf(Call call)
    {
        var lockField = call.Arguments is [{ Node: { Kind: NodeKind.FieldAddress, Field: { Length: > 0 } field } }, ..] ? field : "a0";
        return $"{CText.Identifier(lockField)}_{CText.Identifier(call.Location.File)}_{Slice.Number(call.Location.Line)}";
    }
}
