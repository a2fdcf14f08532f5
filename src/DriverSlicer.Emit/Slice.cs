// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;
using DriverSlicer.Emit.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Emit;

/// <summary>What every emitter reads: the plan, and the names that stand for its numbers in the generated text.</summary>
/// <param name="Name">Module name: NAME.ko, NAME.so.</param>
/// <param name="SliceId">32 hex digits, equal in both halves.</param>
internal sealed record Slice(
    SlicePlan Plan, ImmutableArray<MacroShim> Shims, string Name, string SliceId, Cut Cut, ImmutableArray<Unit> Units,
    ImmutableArray<string> TypeNames, ImmutableArray<string> UpcallNames, ImmutableArray<string> DowncallNames)
{
    public static Slice Of(SlicePlan plan, ImmutableArray<MacroShim> shims, string name, string sliceId) => new(
        plan, shims, name, sliceId, new Cut(plan), Unit.All(plan.Model, name),
        Named("MD_TYPE_", plan.Types.Select((type, i) => type.Spelling.Length == 0 ? $"{i}" : CText.Identifier(type.Spelling.Split(' ')[^1]))),
        Named("MD_PLAN_", plan.Upcalls.Select(upcall => upcall.Name)),
        Named("MD_CALL_", plan.Downcalls.Select(downcall => downcall.Name)));

    public LocalStatics Statics { get; } = new(Plan, Cut);

    /// <summary>Header with the numbers of this slice by name; the same text in both halves.</summary>
    public string NumbersHeader => $"md_{CText.Identifier(Name)}.h";

    public string KernelHeader => $"md_{CText.Identifier(Name)}_k.h";

    public string Type(int index) => index < 0 ? "MD_TYPE_NONE" : TypeNames[index];

    /// <summary>A macro whose every place is a lock class of its own.</summary>
    public bool IsLockClass(Downcall downcall) => downcall.Kind == DowncallKind.Macro && Shims.Any(shim => shim.LockClass && shim.Name == downcall.Name);

    /// <summary>Downcall id of a kernel function by name, or -1.</summary>
    public int DowncallOf(string function)
    {
        for (var i = 0; i < Plan.Downcalls.Length; i++)
        {
            if (Plan.Downcalls[i].Name == function && Plan.Downcalls[i].Kind != DowncallKind.Driver)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The entries that belong to one unit, with their ids. They must be neighbours: a unit's table is one slice of the whole.</summary>
    public static ImmutableArray<(int Id, T Item)> OfUnit<T>(ImmutableArray<T> all, Func<T, string> unitOf, Unit unit)
    {
        var mine = all.Select((item, id) => (id, item)).Where(entry => unitOf(entry.item) == unit.Path).ToImmutableArray();
        if (mine.Length > 0 && mine[^1].id - mine[0].id != mine.Length - 1)
        {
            throw new InvalidOperationException($"plan: entries of {unit.Path} are not neighbours in the table of {typeof(T).Name}");
        }

        return mine;
    }

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static ImmutableArray<string> Named(string prefix, IEnumerable<string> names) => CText.Distinct(names.Select(name => prefix + name));
}
