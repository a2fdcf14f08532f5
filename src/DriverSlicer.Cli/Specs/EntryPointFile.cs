// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DriverSlicer.Model;
using Tomlyn.Syntax;

namespace DriverSlicer.Cli.Specs;

/// <summary>entry-points.toml: a table per ops struct or registration function, a line per member or argument.</summary>
internal static partial class EntryPointFile
{
    private static readonly string[] Keys = 
    [
        "context", "hot", "deferrable", "defer", "on_death", "contended", "contended_result", "arrays", "unless_calls", "holds", "endless", "binds", "yields", "why",
    ];

    private static readonly string[] DeferKeys = ["hold", "unhold", "excludes"];

    private static readonly string[] YieldKeys = ["unless_calls"];

    private static readonly ImmutableSortedDictionary<string, ExecContext> ContextWords = new Dictionary<string, ExecContext>
    {
        ["process"] = ExecContext.Process,
        ["atomic"] = ExecContext.Atomic,
        ["softirq"] = ExecContext.SoftIrq,
        ["hardirq"] = ExecContext.HardIrq,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static readonly ImmutableSortedDictionary<string, DeathRule> DeathWords = new Dictionary<string, DeathRule>
    {
        ["fail"] = DeathRule.Fail,
        ["retry"] = DeathRule.Retry,
        ["undo"] = DeathRule.Undo,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <param name="actions">What <c>contended</c> can name.</param>
    public static ImmutableArray<EntryRule> Read(SpecText text, ImmutableArray<ContendedAction> actions)
    {
        var duplicates = new Duplicates();
        var rules = ImmutableArray.CreateBuilder<EntryRule>();
        foreach (var table in text.Named())
        {
            if (!TableName().IsMatch(table.Name))
                throw SpecTrouble.Malformed(table.Location, table.Name, "must be \"struct NAME\", a function, or macro");
            duplicates.Refuse($"[{table.Name}]", table.Location);
            foreach (var item in table.Items)
            {
                var rule = Rule(text, table, item, actions);
                duplicates.Refuse(rule.Key, Toml.At(text.Path, item));
                rules.Add(rule);
            }
        }

        rules.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return rules.ToImmutable();
    }

    private static EntryRule Rule(SpecText text, SpecTable interfaceTable, KeyValueSyntax item, ImmutableArray<ContendedAction> actions)
    {
        var member = Toml.NameOf(item.Key!);
        var at = Toml.At(text.Path, item);
        var isRecord = interfaceTable.Name.StartsWith("struct ", StringComparison.Ordinal);
        if (!isRecord && interfaceTable.Name != "macro" && !member.All(char.IsAsciiDigit))
            throw SpecTrouble.Malformed(at, member, $"must be an argument number of {interfaceTable.Name}");
        if (interfaceTable.Name == "macro" && member is not ("init" or "exit"))
            throw SpecTrouble.BadValue(at, "macro", member, ["exit", "init"]);
        if (isRecord && !Name().IsMatch(member))
            throw SpecTrouble.Malformed(at, member, $"must be a member of {interfaceTable.Name}; there are no wildcards");

        var key = interfaceTable.Name + (isRecord ? "." : "#") + member;
        var entry = text.Inline(item, key, Keys);
        var context = Context(entry);
        var deferrable = entry.Flag("deferrable");
        if (deferrable && context == ExecContext.Process)
            throw SpecTrouble.Malformed(entry.At("deferrable"), "deferrable", "makes no sense for an entry that runs in process context only");
        var contended = Contended(entry, context, actions);
        return new EntryRule(
            key, context, entry.Flag("hot"), deferrable, entry.Choice("on_death", DeathWords, DeathRule.Fail),
            contended, entry.Expressions("arrays"), entry.Required("why"))
        {
            UnlessCalls = entry.Text("unless_calls"),
            HoldsRtnl = entry.Text("holds") is { } held && (held == "rtnl" ? true : throw SpecTrouble.BadValue(entry.At("holds"), "holds", held, ["rtnl"])),
            Endless = entry.Flag("endless"),
            Binds = entry.Flag("binds"),
            ContendedResult = contended is null && entry.Text("contended_result") is not null
                ? throw SpecTrouble.Malformed(entry.At("contended_result"), "contended_result", "says nothing without contended")
                : entry.ExpressionText("contended_result"),
            Defer = Defer(text, entry, deferrable),
            YieldsUnlessCalls = Yields(text, entry, contended),
        };
    }

    private static ExecContext Context(SpecTable entry)
    {
        var context = ExecContext.None;
        foreach (var word in entry.Required("context").Split('|', StringSplitOptions.TrimEntries))
            context |= ContextWords.TryGetValue(word, out var one)
                ? one
                : throw SpecTrouble.BadValue(entry.At("context"), "context", word, ContextWords.Keys);
        return context;
    }

    /// <summary>An entry that may be called where it cannot sleep cannot wait.</summary>
    private static string? Contended(SpecTable entry, ExecContext context, ImmutableArray<ContendedAction> actions)
    {
        var able = actions.Where(a => !a.Waits || context == ExecContext.Process).Select(a => a.Name).ToArray();
        return entry.Text("contended") is not { } action ? null
            : able.Contains(action) ? action
            : throw SpecTrouble.BadValue(entry.At("contended"), "contended", action, able);
    }

    private static ImmutableArray<string>? Yields(SpecText text, SpecTable entry, string? contended) =>
        entry.Item("yields") is not { } item ? null
        : contended is null ? throw SpecTrouble.Malformed(entry.At("yields"), "yields", "says nothing without contended")
        : text.Inline(item, "yields", YieldKeys).Texts("unless_calls");

    private static DeferRule? Defer(SpecText text, SpecTable entry, bool deferrable)
    {
        if (entry.Item("defer") is not { } item)
            return null;
        if (!deferrable)
            throw SpecTrouble.Malformed(entry.At("defer"), "defer", "makes no sense for an entry that is not deferrable");
        if (!entry.Expressions("arrays").IsEmpty)
            throw SpecTrouble.Malformed(entry.At("defer"), "defer", "cannot keep arrays: they end with the call");
        var defer = text.Inline(item, "defer", DeferKeys);
        var (hold, unhold) = (defer.ExpressionText("hold"), defer.ExpressionText("unhold"));
        return hold is null == unhold is null
            ? new DeferRule(hold, unhold, defer.Texts("excludes"))
            : throw SpecTrouble.Malformed(defer.Location, "defer", "must have both hold and unhold, or neither");
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Name();

    [GeneratedRegex("^(struct )?[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex TableName();
}
