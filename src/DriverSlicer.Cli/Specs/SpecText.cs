// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;
using Tomlyn.Syntax;

namespace DriverSlicer.Cli.Specs;

/// <summary>One specification file as read. Files are lists of <c>[[kind]]</c> tables; entry-points.toml alone has named tables.</summary>
internal sealed record SpecText(string Path, string Content)
{
    /// <summary>All tables, which must be <c>[[kind]]</c>, with the given keys allowed.</summary>
    public IEnumerable<SpecTable> Rules(string kind, IReadOnlyCollection<string> allowed)
    {
        var document = Toml.Parse(Path, Content);
        RefuseLooseKeys(document, [$"[[{kind}]]"]);
        foreach (var table in document.Tables)
        {
            var name = Toml.NameOf(table.Name!);
            if (table is not TableArraySyntax || name != kind)
                throw SpecTrouble.UnknownKey(Toml.At(Path, table), name, [$"[[{kind}]]"]);
            yield return new SpecTable(Path, kind, Toml.At(Path, table), table.Items, allowed);
        }
    }

    /// <summary>All tables, which must be <c>[name]</c>; keys are free.</summary>
    public IEnumerable<SpecTable> Named()
    {
        var document = Toml.Parse(Path, Content);
        RefuseLooseKeys(document, ["[\"struct NAME\"]", "[FUNCTION]", "[macro]"]);
        foreach (var table in document.Tables)
        {
            var name = Toml.NameOf(table.Name!);
            if (table is not TableSyntax)
                throw SpecTrouble.Malformed(Toml.At(Path, table), name, "must be a plain table, in single brackets");
            yield return new SpecTable(Path, name, Toml.At(Path, table), table.Items, allowed: null);
        }
    }

    public SpecTable Inline(KeyValueSyntax item, string name, IReadOnlyCollection<string> allowed) =>
        item.Value is InlineTableSyntax table
            ? new SpecTable(Path, name, Toml.At(Path, item), table.Items.Select(i => i.KeyValue!), allowed)
            : throw SpecTrouble.WrongType(Toml.At(Path, item), name, "a table in braces", Toml.Describe(item.Value!));

    private void RefuseLooseKeys(DocumentSyntax document, IEnumerable<string> known)
    {
        foreach (var loose in document.KeyValues)
            throw SpecTrouble.UnknownKey(Toml.At(Path, loose), Toml.NameOf(loose.Key!), known);
    }
}
