// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;
using DriverSlicer.Model;
using Tomlyn.Syntax;

namespace DriverSlicer.Cli.Specs;

/// <summary>
/// One table of a specification with typed access to its values. The allowed keys are given up front, so a misspelt one is an error
/// and never a rule that silently does nothing.
/// </summary>
internal sealed class SpecTable
{
    private readonly Dictionary<string, KeyValueSyntax> items = new(StringComparer.Ordinal);
    private readonly string file;

    public SpecTable(string file, string name, Location location, IEnumerable<KeyValueSyntax> values, IReadOnlyCollection<string>? allowed)
    {
        this.file = file;
        Name = name;
        Location = location;
        foreach (var value in values)
        {
            var key = Toml.NameOf(value.Key!);
            var at = Toml.At(file, value.Key!);
            if (allowed is not null && !allowed.Contains(key))
                throw SpecTrouble.UnknownKey(at, key, allowed);
            if (items.TryGetValue(key, out var first))
                throw SpecTrouble.Duplicate(at, key, Toml.At(file, first));
            items.Add(key, value);
        }
    }

    public string Name { get; }

    public Location Location { get; }

    /// <summary>In the order of the file.</summary>
    public IEnumerable<KeyValueSyntax> Items => items.Values;

    public KeyValueSyntax? Item(string key) => items.GetValueOrDefault(key);

    public Location At(string key) => items.TryGetValue(key, out var item) ? Toml.At(file, item.Key!) : Location;

    public string Required(string key) => Text(key) ?? throw SpecTrouble.Missing(Location, key, $"'{Name}'");

    public string? Text(string key) => items.TryGetValue(key, out var item) ? TextOf(key, item.Value!) : null;

    public bool Flag(string key) => items.TryGetValue(key, out var item)
        && (item.Value is BooleanValueSyntax flag ? flag.Value : throw Wrong(key, "true or false", item.Value!));

    public int Number(string key, int otherwise) => items.TryGetValue(key, out var item) ? NumberOf(key, item.Value!) : otherwise;

    public ImmutableArray<string> Texts(string key) =>
        [.. List(key, "a list of strings").Select(value => TextOf(key, value))];

    public ImmutableArray<int> Numbers(string key) =>
        [.. List(key, "a list of argument numbers").Select(value => NumberOf(key, value)).Order()];

    /// <summary>An inline table from argument number to C expression: <c>{ 2 = "a1->len" }</c>.</summary>
    public ImmutableSortedDictionary<int, string> Expressions(string key)
    {
        if (!items.TryGetValue(key, out var item))
            return ImmutableSortedDictionary<int, string>.Empty;
        if (item.Value is not InlineTableSyntax table)
            throw Wrong(key, "a table from argument number to expression", item.Value!);
        return table.Items.Select(i => i.KeyValue!).ToImmutableSortedDictionary(
            pair => Index(key, pair), pair => Expression.Checked(Toml.At(file, pair), key, TextOf(key, pair.Value!)));
    }

    public string? ExpressionText(string key) => Text(key) is { } text ? Expression.Checked(At(key), key, text) : null;

    public T Choice<T>(string key, IReadOnlyDictionary<string, T> choices, T? otherwise = null) where T : struct =>
        Text(key) is not { } word ? otherwise ?? throw SpecTrouble.Missing(Location, key, $"'{Name}'")
        : choices.TryGetValue(word, out var value) ? value
        : throw SpecTrouble.BadValue(At(key), key, word, choices.Keys);

    private int Index(string key, KeyValueSyntax pair) =>
        int.TryParse(Toml.NameOf(pair.Key!), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : throw SpecTrouble.Malformed(Toml.At(file, pair), key, $"has '{Toml.NameOf(pair.Key!)}' where an argument number belongs");

    private IEnumerable<ValueSyntax> List(string key, string expected) =>
        !items.TryGetValue(key, out var item) ? []
        : item.Value is ArraySyntax array ? array.Items.Select(i => i.Value!)
        : throw Wrong(key, expected, item.Value!);

    private string TextOf(string key, ValueSyntax value) => value is StringValueSyntax { Value: { } text } ? text : throw Wrong(key, "a string", value);

    private int NumberOf(string key, ValueSyntax value) =>
        value is not IntegerValueSyntax number ? throw Wrong(key, "a number", value)
        : number.Value is >= 0 and < 64 ? (int)number.Value
        : throw SpecTrouble.Malformed(Toml.At(file, value), key, $"is {number.Value}, which is no argument number");

    private DiagnosticException Wrong(string key, string expected, ValueSyntax value) =>
        SpecTrouble.WrongType(Toml.At(file, value), key, expected, Toml.Describe(value));
}
