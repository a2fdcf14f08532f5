// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>
/// Which functions a function pointer of the user half's can name: those that the driver's text puts there, or, where that cannot be followed,
/// all whose addresses are taken and that have as many parameters. Sets are numbered in order of their text, for the tables.
/// </summary>
internal sealed class FunctionSets
{
    private readonly ImmutableArray<ImmutableArray<string>> sets;

    public FunctionSets(IEnumerable<ImmutableArray<string>> used) =>
        sets = [.. used.GroupBy(Key).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.First())];

    /// <param name="symbolOf">Number of a function in the symbol table, -1 if it is not there and so cannot be named.</param>
    public ImmutableArray<ImmutableArray<int>> Finish(Func<string, int> symbolOf) =>
        [.. sets.Select(s => s.Select(symbolOf).Where(i => i >= 0).Order().ToImmutableArray())];

    public int NumberOf(ImmutableArray<string> set)
    {
        for (var i = 0; i < sets.Length; i++)
            if (Key(sets[i]) == Key(set))
                return i;
        throw new InvalidOperationException("a set of functions without a number");
    }

    /// <param name="sources">Where the pointer comes from; null if that is not known.</param>
    public static ImmutableArray<string> Of(UserHalf half, IEnumerable<Node>? sources, CType type)
    {
        var nodes = sources?.ToArray();
        var known = nodes is { Length: > 0 } && nodes.All(n => n.Kind == NodeKind.FunctionAddress || n is { Kind: NodeKind.Constant, Field: "" });
        return known
            ? [.. nodes!.Where(n => n.Kind == NodeKind.FunctionAddress).Select(n => n.Owner).Distinct().Order(StringComparer.Ordinal)]
            : Fitting(half, type);
    }

    /// <summary>What the driver's text, of both halves, stores in a field or variable.</summary>
    public static ImmutableArray<string> Of(UserHalf half, Slot slot, CType type)
    {
        var initial = half.Graph.Model.Globals.SelectMany(g => g.Initializer)
            .Where(p => p.TargetIsFunction && p.Record.Length > 0 && half.Records.SlotOf(p.Record, p.Field) == slot)
            .Select(p => new Node(NodeKind.FunctionAddress, p.Target));
        return Of(half, half.Slots.Stores(slot).Select(o => o.Node).Concat(initial), type);
    }

    private static ImmutableArray<string> Fitting(UserHalf half, CType type)
    {
        var count = Parameters(type.IsPointer ? type.Element?.Spelling ?? "" : type.Spelling);
        return
        [
            .. half.Graph.Model.Functions.Where(f => f.Origin is FunctionOrigin.Driver or FunctionOrigin.Extern && (count < 0 || f.Parameters.Length == count))
                .Select(f => f.Id).Distinct().Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>How many parameters a function type has, -1 if its text does not tell.</summary>
    internal static int Parameters(string spelling)
    {
        if (!spelling.EndsWith(')') || spelling.EndsWith("...)", StringComparison.Ordinal))
            return -1;
        var (depth, commas, at) = (0, 0, spelling.Length - 1);
        for (; at >= 0; at--)
        {
            depth += spelling[at] switch { ')' => 1, '(' => -1, _ => 0 };
            if (depth == 0)
                break;
            commas += depth == 1 && spelling[at] == ',' ? 1 : 0;
        }

        var inside = at < 0 ? "" : spelling[(at + 1)..^1].Trim();
        return inside is "void" or "" ? 0 : commas + 1;
    }

    private static string Key(ImmutableArray<string> set) => string.Join('\n', set);
}
