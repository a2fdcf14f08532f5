// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace DriverSlicer.Cli.Specs;

/// <summary>The little of TOML's syntax tree that the reader needs. The tree, not the mapped model: errors must name lines.</summary>
internal static class Toml
{
    public static DocumentSyntax Parse(string file, string text)
    {
        var document = SyntaxParser.Parse(text, file, validate: true);
        foreach (var message in document.Diagnostics)
            throw SpecTrouble.Syntax(At(file, message.Span), message.Message);
        return document;
    }

    public static Location At(string file, SyntaxNode node) => At(file, node.Span);

    public static string NameOf(KeySyntax key)
    {
        var parts = new[] { key.Key }.Concat(key.DotKeys.Select(d => d.Key));
        return string.Join('.', parts.Select(part => part switch
        {
            BareKeySyntax bare => bare.Key?.Text ?? "",
            StringValueSyntax quoted => quoted.Value ?? "",
            _ => "",
        }));
    }

    public static string Describe(ValueSyntax value) => value switch
    {
        StringValueSyntax => "a string",
        IntegerValueSyntax => "a number",
        BooleanValueSyntax => "true or false",
        ArraySyntax => "a list",
        InlineTableSyntax => "a table",
        _ => "another kind of value",
    };

    private static Location At(string file, SourceSpan span) => new(file, span.Start.Line + 1, span.Start.Column + 1);
}
