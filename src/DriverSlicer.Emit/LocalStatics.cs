// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using DriverSlicer.Emit.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Emit;

/// <summary>
/// Static variables inside functions that both halves know. Each half keeps the declaration where it stands, in the function or in the stub
/// that took its place, and gives it an assembler name, by which the trailer of the unit speaks of it:
///
///     static int boards __asm__("md_static_4_boards") __attribute__((used)) = -1;
///
/// What else the function declares static stays with it, since initialisers may refer to each other.
/// </summary>
internal sealed partial class LocalStatics
{
    private readonly SlicePlan _plan;
    private readonly ILookup<string, Global> _byFunction;
    private readonly ImmutableDictionary<string, int> _symbols;

    public LocalStatics(SlicePlan plan, Cut cut)
    {
        _plan = plan;
        var locals = plan.Model.Globals.Where(global => global.Function is not null).ToImmutableDictionary(global => global.Id);
        _symbols = plan.Symbols.Select((symbol, id) => (symbol, id)).Where(entry => locals.ContainsKey(entry.symbol.Id))
            .ToImmutableDictionary(entry => entry.symbol.Id, entry => entry.id);
        var owners = cut.Texts.Select(function => function.Id).ToHashSet(StringComparer.Ordinal);
        var lost = _symbols.Keys.Select(id => locals[id]).FirstOrDefault(global => global.InMacro is not null || !owners.Contains(global.Function!));
        if (lost is not null)
        {
            throw new InvalidOperationException($"plan: static variable {lost.Name} is not declared by the driver's own text ({lost.Location})");
        }

        _byFunction = locals.Values.Where(global => global.InMacro is null)
            .OrderBy(global => global.Location.Line).ThenBy(global => global.Location.Column).ToLookup(global => global.Function!);
    }

    /// <summary>What the trailers call a symbol.</summary>
    public string NameOf(int symbol) => IsLocal(_plan.Symbols[symbol]) ? $"md_static_{symbol}_{_plan.Symbols[symbol].Name}" : _plan.Symbols[symbol].Name;

    public bool IsLocal(PlanSymbol symbol) => _symbols.ContainsKey(symbol.Id);

    public bool Has(Function function) => Planned(function).Any();

    /// <summary>Names the variables of a function that stays.</summary>
    public void Label(SourceEdits edits, Function function)
    {
        foreach (var global in Planned(function))
        {
            edits.Insert(DeclaratorEnd(edits, global), LabelOf(global));
        }
    }

    /// <summary>
    /// The body of a function that goes: <paramref name="stub"/>, then its static declarations, on the lines and in the blocks where they were.
    /// </summary>
    public string Keep(SourceEdits edits, Function function, IReadOnlyList<string> stub)
    {
        var text = new StringBuilder(Blank.Joined(stub.SkipLast(1)));
        var at = function.Body!.Start + 1;
        foreach (var declaration in _byFunction[function.Id].Select(global => Declaration(edits, global)).Distinct().OrderBy(range => range.Start))
        {
            var between = edits.Slice(at, declaration.Start);
            text.Append(Blank.Out(between)).Append('\t').Append(Blank.Braces(between) is { Length: > 0 } braces ? braces + " " : "");
            at = declaration.Start;
            foreach (var (end, global) in Planned(function).Select(global => (DeclaratorEnd(edits, global), global)).Where(entry => entry.Item1 > declaration.Start && entry.Item1 < declaration.End))
            {
                text.Append(edits.Slice(at, end)).Append(LabelOf(global));
                at = end;
            }

            text.Append(edits.Slice(at, declaration.End));
            at = declaration.End;
        }

        var rest = edits.Slice(at, function.Body.End);
        return text.Append(Blank.Out(rest)).Append(Blank.Braces(rest)).ToString();
    }

    /// <summary>Declarations for a unit's trailer.</summary>
    public string Declarations(Unit unit)
    {
        var lines = _symbols.Values.Order().Where(symbol => _plan.Symbols[symbol].Unit == unit.Path)
            .Select(symbol => $"extern char {NameOf(symbol)}[{_plan.Symbols[symbol].Size}];\n");
        return string.Concat(lines) is { Length: > 0 } text ? $"/* Static variables of functions. */\n{text}\n" : "";
    }

    private IEnumerable<Global> Planned(Function function) => _byFunction[function.Id].Where(global => _symbols.ContainsKey(global.Id));

    private string LabelOf(Global global) => $" __asm__(\"{NameOf(_symbols[global.Id])}\") __attribute__((used))";

    /// <summary>From the keyword to the semicolon.</summary>
    private static (int Start, int End) Declaration(SourceEdits edits, Global global)
    {
        var end = DeclaratorEnd(edits, global);
        var start = edits.LastBefore(end, Keyword());
        return (start, edits.Skip(end, ';') + 1);
    }

    /// <summary>Offset behind the name and its array bounds.</summary>
    private static int DeclaratorEnd(SourceEdits edits, Global global)
    {
        var at = edits.OffsetOf(global.Location.Line, global.Location.Column);
        if (edits.Slice(at, at + global.Name.Length) != global.Name)
        {
            throw new InvalidOperationException($"plan: static variable {global.Name} is not declared by the driver's own text ({global.Location})");
        }

        at += global.Name.Length;
        while (edits.At(at) == '[')
        {
            at = edits.Skip(at, ']') + 1;
        }

        return at;
    }

    [GeneratedRegex(@"\bstatic\b", RegexOptions.RightToLeft)]
    private static partial Regex Keyword();
}
