// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;
using Tomlyn.Syntax;

namespace DriverSlicer.Cli.Specs;

/// <summary>slice.toml: what a person forces or promises of one driver; docs/reference/slice-toml.md documents every line.</summary>
public static class ChoiceFile
{
    public const string Name = "slice.toml";

    private static readonly string[] Tables = ["[functions]", "[pointers]", "[locks]"];

    private static readonly ImmutableSortedDictionary<string, Half> Halves =
        new Dictionary<string, Half> { ["kernel"] = Half.Kernel, ["user"] = Half.User }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static readonly ImmutableSortedDictionary<string, LockChoice> Answers =
        new Dictionary<string, LockChoice> { ["pin"] = LockChoice.Pin, ["gate"] = LockChoice.Gate, ["outline"] = LockChoice.Outline }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The file named; else the one beside the driver, if there is one.</summary>
    /// <param name="config">As given on the command line, or null.</param>
    /// <param name="driver">The folder of the driver's source.</param>
    /// <exception cref="DiagnosticException">DS0302 to DS0307, DS0805, exit code 2.</exception>
    public static SliceChoices Find(string? config, string driver)
    {
        var path = config ?? Path.Combine(driver, Name);
        if (config is null && !File.Exists(path))
            return SliceChoices.None;
        try
        {
            return Read(path, File.ReadAllText(path));
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(
                new Diagnostic("DS0805", Severity.Error, new Location(path, 0, 0), $"cannot read the choices: {trouble.Message}", "name a file that can be read with --config"), exitCode: 2);
        }
    }

    public static SliceChoices Read(string path, string content)
    {
        var text = new SpecText(path, content);
        var tables = text.Named().ToArray();
        foreach (var table in tables)
            if (!Tables.Contains($"[{table.Name}]"))
                throw SpecTrouble.UnknownKey(table.Location, table.Name, Tables);
        return new SliceChoices(
            [.. Lines(tables, "functions").Select(l => Function(text, l.Table, l.Item))],
            [.. Lines(tables, "pointers").Select(l => Pointer(text, l.Item))],
            [.. Lines(tables, "locks").Select(l => new LockLine(Toml.NameOf(l.Item.Key!), l.Table.Choice(Toml.NameOf(l.Item.Key!), Answers), Toml.At(path, l.Item.Key!)))]);
    }

    private static IEnumerable<(SpecTable Table, KeyValueSyntax Item)> Lines(SpecTable[] tables, string name) =>
        tables.Where(t => t.Name == name).SelectMany(t => t.Items.Select(i => (t, i)));

    private static FunctionChoice Function(SpecText text, SpecTable table, KeyValueSyntax item)
    {
        var (name, at) = (Toml.NameOf(item.Key!), Toml.At(text.Path, item.Key!));
        if (item.Value is not InlineTableSyntax)
            return new FunctionChoice(name, table.Choice(name, Halves), null, at);
        var line = text.Inline(item, name, ["half", "promise"]);
        var half = line.Choice("half", Halves);
        if (half == Half.Kernel && line.Text("promise") is not null)
            throw SpecTrouble.UnknownKey(line.At("promise"), "promise", ["half"]);
        return new FunctionChoice(name, half, half == Half.User ? line.Required("promise") : null, at);
    }

    private static PointerChoice Pointer(SpecText text, KeyValueSyntax item)
    {
        var name = Toml.NameOf(item.Key!);
        var line = text.Inline(item, name, ["is", "promise"]);
        return new PointerChoice(name, line.Required("is"), line.Required("promise"), Toml.At(text.Path, item.Key!));
    }
}
