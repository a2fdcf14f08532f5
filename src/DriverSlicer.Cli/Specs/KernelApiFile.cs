// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Specs;

/// <summary>kernel-api.toml: groups of functions of which the same holds.</summary>
internal static class KernelApiFile
{
    private static readonly string[] Keys =
    [
        "functions", "local", "inline", "alloc_size", "alloc_zeroed", "alloc_device", "mmio_size", "frees", "keeps", "buffers", "out",
        "opaque", "reads", "writes", "shipped", "pin", "coherent", "settles", "consumes", "late", "late_first", "requires", "pure", "repeatable", "blocks", "why",
    ];

    private static readonly string[] InlineWords = ["downcall", "local"];

    private static readonly string[] SettleWords = ["ends", "waits"];

    public static ImmutableArray<FunctionRule> Read(SpecText text)
    {
        var duplicates = new Duplicates();
        var rules = ImmutableArray.CreateBuilder<FunctionRule>();
        foreach (var table in text.Rules("rule", Keys))
        {
            table.Required("why");
            foreach (var name in Names(table))
            {
                duplicates.Refuse(name, table.At("functions"));
                rules.Add(Rule(name, table));
            }
        }

        rules.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return rules.ToImmutable();
    }

    public static ImmutableArray<string> Names(SpecTable table) =>
        table.Texts("functions") is { IsEmpty: false } names ? names : throw SpecTrouble.Missing(table.Location, "functions", $"[[{table.Name}]]");

    private static FunctionRule Rule(string name, SpecTable table)
    {
        var inline = table.Text("inline");
        if (inline is not null && !InlineWords.Contains(inline))
            throw SpecTrouble.BadValue(table.At("inline"), "inline", inline, InlineWords);
        var settles = table.Text("settles");
        if (settles is not null && !SettleWords.Contains(settles))
            throw SpecTrouble.BadValue(table.At("settles"), "settles", settles, SettleWords);
        if (table.Text("late") is not null && table.Number("frees", -1) < 0)
            throw SpecTrouble.Missing(table.At("late"), "frees", "a rule with late");
        return new FunctionRule(
            name, table.Flag("local"), inline, table.ExpressionText("alloc_size"), table.Flag("alloc_zeroed"), table.ExpressionText("alloc_device"),
            table.ExpressionText("mmio_size"), table.Number("frees", -1), table.Numbers("keeps"), table.Expressions("buffers"),
            table.Numbers("out"), table.Numbers("opaque"), table.Numbers("reads"), table.Numbers("writes"), table.Flag("shipped"),
            table.Text("pin"))
        {
            Coherent = table.Flag("coherent"),
            Settles = settles is not null,
            Ends = settles == "ends",
            Consumes = table.Flag("consumes"),
            Requires = table.ExpressionText("requires"),
            Late = table.ExpressionText("late") is { } late ? new LateRule(late, table.ExpressionText("late_first")) : null,
            Pure = table.Flag("pure"),
            Repeatable = table.Flag("repeatable"),
            Blocks = table.Flag("blocks"),
        };
    }
}
