// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// Can an entry get a wrapper of its own name? The emitter renames the function with a function-like macro after the unit's last
/// include, which catches its definition and all direct calls, and declares the wrapper there. So the name must not be called in any
/// other sense, nor before, and the wrapper's types must be known there. A call through a pointer would enter the gate twice.
/// </summary>
internal sealed class Wrappers(CallGraph graph)
{
    /// <summary>Of every file once: hundreds of units may include the same.</summary>
    private readonly string[] texts =
        [.. graph.Model.Files.SelectMany(f => f.Included.Select(i => (i.Path, i.Text)).Prepend((f.Path, f.Text))).DistinctBy(t => t.Path).Select(t => t.Text)];

    public string? Obstacle(Function function)
    {
        var name = function.Name;
        if (function.Origin != FunctionOrigin.Driver || function.Definition is null || function.Body is null)
            return $"{name} has no text around which the gate could be put";
        if (function.IsVariadic)
            return $"{name} takes a variable number of arguments";
        if (function.Attributes.Contains("init") || function.Attributes.Contains("exit"))
            return $"{name} is in a section that is dropped";
        if (graph.PossibleIn(function.Id).FirstOrDefault(e => e.Kind is EdgeKind.Field or EdgeKind.Node or EdgeKind.Guess) is { } indirect)
            return $"{indirect.Caller.Name} calls {name} through a pointer ({indirect.Fact.Location}), which would enter the gate twice";
        if (IsBefore(function.Unit, function.Definition.File))
            return $"{name} is defined in {function.Definition.File}, before all that is generated";
        if (graph.In(function.Id).FirstOrDefault(e => e.Caller is { Origin: FunctionOrigin.Driver, Definition: { } d } c && IsBefore(c.Unit, d.File)) is { } early)
            return $"{name} is called in {early.Caller.Definition!.File}, before all that is generated";
        var twisted = Twisted(name);
        if (texts.Any(text => text.Contains(name, StringComparison.Ordinal) && twisted.IsMatch(text)))
            return $"{name} names something else as well, or is called in parentheses";
        return function.Parameters.Select(p => p.Type).Prepend(function.Result).Select(type => Unnamed(function.Unit, type)).FirstOrDefault(why => why is not null) is { } type
            ? $"{name} has a parameter or result of type {type}, which is not declared before its first use" : null;
    }

    private static IEnumerable<string> Texts(SourceFile file) => file.Included.Select(i => i.Text).Prepend(file.Text);

    /// <summary>A member of that name that is called, a macro of that name, the function's name in parentheses.</summary>
    private static Regex Twisted(string name) =>
        new($@"(->|\.)\s*{name}\s*\(|^[ \t]*#[ \t]*(define|undef)[ \t]+{name}\b|\(\s*{name}\s*\)\s*\(", RegexOptions.Multiline);

    /// <summary>A file that the unit includes before the place where the generated header goes.</summary>
    private bool IsBefore(string unit, string file)
    {
        if (file == unit || graph.Model.Files.FirstOrDefault(f => f.Path == unit) is not { } source)
            return false;
        var bytes = Encoding.UTF8.GetBytes(source.Text);
        var rest = Encoding.UTF8.GetString(bytes.AsSpan(Math.Min(source.InsertionOffset, bytes.Length)));
        return !Regex.IsMatch(rest, $@"^[ \t]*#[ \t]*include[ \t]*""([^""\n]*/)?{Regex.Escape(Path.GetFileName(file))}""", RegexOptions.Multiline);
    }

    /// <summary>What cannot be spelled where the wrapper is declared. A pointer to a structure can: its tag is declared along.</summary>
    private string? Unnamed(string unit, CType type)
    {
        if (type.Spelling.Contains("(unnamed", StringComparison.Ordinal) || type.Spelling.Contains("(anonymous", StringComparison.Ordinal))
            return type.Spelling;
        var inner = type;
        while (inner is { Kind: CKind.Pointer or CKind.Array, Element: { } element })
            inner = element;
        var isLate = inner.Kind switch
        {
            CKind.Record => graph.Model.Records.FirstOrDefault(r => r.Id == inner.Record) is { InDriver: true } record
                && !IsBefore(unit, record.Location.File) && (!type.IsPointer || !Regex.IsMatch(inner.Spelling, @"^(const |volatile )*(struct|union) \w+$")),
            CKind.Enum => graph.Model.Files.Where(f => f.Path == unit).SelectMany(Texts).Any(
                text => Regex.IsMatch(text, $@"\benum\s+{Regex.Escape(inner.Spelling.Split(' ')[^1])}\b[^;{{]*{{")),
            _ => false,
        };
        return isLate ? type.Spelling : null;
    }
}
