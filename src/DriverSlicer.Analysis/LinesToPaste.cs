// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>Entries for specs/ where the analysis knows too little, to be completed and pasted: whole ones, or what an entry that is there lacks.</summary>
internal static class LinesToPaste
{
    private const string Expression = "C expression over a0, a1, ...";

    /// <summary>A line of entry-points.toml, with its table unless that is there.</summary>
    /// <param name="key">the place that holds the function, as <see cref="EntryRule.Key"/></param>
    public static string Entry(string key, ImmutableArray<EntryRule> known)
    {
        var cut = Math.Max(key.LastIndexOf('.'), key.LastIndexOf('#'));
        var (table, member) = cut < 0 ? (key, "?") : (key[..cut], key[(cut + 1)..]);
        var header = $"[{(table.Contains(' ') ? $"\"{table}\"" : table)}]";
        var line = $"{member} = {{ context = \"process|atomic|softirq|hardirq\", why = \"...\" }}";
        return known.Any(e => e.Key.StartsWith(key[..(cut + 1)], StringComparison.Ordinal)) && cut >= 0
            ? $"to the table {header} of specs/entry-points.toml:\n{line}" : $"to specs/entry-points.toml:\n{header}\n{line}";
    }

    /// <summary>How long what an argument leads to is; null for what specs/ says nothing of.</summary>
    /// <param name="argument">counted from 0</param>
    public static string? Buffer(Function callee, int argument, bool hasRule) => Rule(
        callee, hasRule, "if it keeps no pointer to them, say how many bytes it uses",
        string.Create(CultureInfo.InvariantCulture, $"buffers = {{ {argument} = \"bytes that it uses: a {Expression}\" }}"));

    public static string? Opaque(Function callee, int argument, bool hasRule) => Rule(
        callee, hasRule, "if the callee only needs the address, say so", string.Create(CultureInfo.InvariantCulture, $"opaque = [{argument}]"));

    public static string? Result(Function callee, bool hasRule) => Rule(
        callee, hasRule, "if the result is an allocation (of registers: mmio_size), say so", $"alloc_size = \"bytes: a {Expression}\"");

    /// <summary>
    /// Only for functions that the kernel exports: what a header's inline does beyond its prototype is seen as long as no rule says
    /// otherwise. Strings stay kept, as they are without a rule.
    /// </summary>
    private static string? Rule(Function callee, bool hasRule, string ask, string key)
    {
        if (callee.Origin != FunctionOrigin.Extern)
            return null;
        if (hasRule)
            return $"{ask} in specs/kernel-api.toml, in a rule of its own for {callee.Name} with what its rule says now:\n{key}";
        var kept = string.Join(", ", Enumerable.Range(0, callee.Parameters.Length).Where(i => callee.Parameters[i].Type.Decayed().IsString()));
        return $"{ask} in specs/kernel-api.toml:\n[[rule]]\nfunctions = [\"{callee.Name}\"]\n{key}\n{(kept.Length > 0 ? $"keeps = [{kept}]\n" : "")}why = \"...\"";
    }
}
