// SPDX-License-Identifier: GPL-2.0-only
using System.Globalization;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>Entries for specs/ where the analysis knows too little: whole ones, to be pasted at the end of the file and completed.</summary>
internal static class LinesToPaste
{
    private const string Expression = "C expression over a0, a1, ...";

    /// <summary>A line of entry-points.toml in its table.</summary>
    /// <param name="key">the place that holds the function, as <see cref="EntryRule.Key"/></param>
    public static string Entry(string key)
    {
        var cut = Math.Max(key.LastIndexOf('.'), key.LastIndexOf('#'));
        var (table, member) = cut < 0 ? (key, "?") : (key[..cut], key[(cut + 1)..]);
        return $"\n[{(table.Contains(' ') ? $"\"{table}\"" : table)}]\n{member} = {{ context = \"process|atomic|softirq|hardirq\", why = \"...\" }}";
    }

    /// <summary>How long what an argument leads to is; null for a function of the driver's own, of which specs/ says nothing.</summary>
    /// <param name="argument">counted from 0</param>
    public static string? Buffer(Function callee, int argument) =>
        Rule(callee, string.Create(CultureInfo.InvariantCulture, $"buffers = {{ {argument} = \"bytes that it uses: a {Expression}\" }}")) is { } rule
            ? $"if it keeps no pointer to them, say in specs/kernel-api.toml how many bytes it uses:{rule}" : null;

    public static string? Opaque(Function callee, int argument) =>
        Rule(callee, string.Create(CultureInfo.InvariantCulture, $"opaque = [{argument}]")) is { } rule
            ? $"if the callee only needs the address, say so in specs/kernel-api.toml:{rule}" : null;

    public static string? Result(Function callee) =>
        Rule(callee, $"alloc_size = \"bytes: a {Expression}\"") is { } rule
            ? $"if the result is an allocation (of registers: mmio_size), say so in specs/kernel-api.toml:{rule}" : null;

    private static string? Rule(Function callee, string key) => callee.Origin == FunctionOrigin.Driver
        ? null : $"\n[[rule]]\nfunctions = [\"{callee.Name}\"]\n{key}\nwhy = \"...\"";
}
