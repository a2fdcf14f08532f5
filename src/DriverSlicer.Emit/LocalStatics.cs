// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Emit.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Emit;

/// <summary>
/// Static variables inside functions that both halves know. Where the function stays, the variable is given an assembler name, so that
/// the trailer of its unit can speak of it; where the function went, a twin under that name takes its place. For
///
///     static int boards = -1;
///
/// the half with the function has <c>static int boards __asm__("md_static_4_boards") __attribute__((used)) = -1;</c> and an extern behind
/// its end, the other one <c>static int md_static_4_boards = -1;</c>.
/// </summary>
internal sealed class LocalStatics
{
    private readonly ImmutableDictionary<string, Global> _globals;
    private readonly SlicePlan _plan;
    private readonly Cut _cut;

    public LocalStatics(SlicePlan plan, Cut cut)
    {
        (_plan, _cut) = (plan, cut);
        _globals = plan.Model.Globals.Where(global => global.Function is not null).ToImmutableDictionary(global => global.Id);
    }

    /// <summary>What the trailers call a symbol.</summary>
    public string NameOf(int symbol)
    {
        var planned = _plan.Symbols[symbol];
        return _globals.ContainsKey(planned.Id) ? $"md_static_{symbol}_{planned.Name}" : planned.Name;
    }

    public bool IsLocal(PlanSymbol symbol) => _globals.ContainsKey(symbol.Id);

    /// <summary>Gives the variables of the functions that stay in <paramref name="path"/> their assembler names.</summary>
    public void Label(SourceEdits edits, string path, Func<Function, Fate> fateOf)
    {
        foreach (var (symbol, global) in Of(global => global.Location.File == path))
        {
            if (fateOf(OwnerOf(global)) == Fate.Kept)
            {
                var end = DeclaratorEnd(edits, global);
                edits.Insert(end, $" __asm__(\"{NameOf(symbol)}\") __attribute__((used))");
            }
        }
    }

    /// <summary>Declarations of the variables of a unit for its trailer: externs where the function stayed, else twins.</summary>
    public string Declarations(Unit unit, Func<Function, Fate> fateOf) => string.Concat(
        Of(global => global.Unit == unit.Path).Select(entry => fateOf(OwnerOf(entry.Global)) == Fate.Kept
            ? $"extern char {NameOf(entry.Symbol)}[{entry.Global.Type.Size}];\n"
            : Twin(unit, entry.Symbol, entry.Global))) is { Length: > 0 } text
                ? $"/* Static variables of functions. */\n{text}\n"
                : "";

    private IEnumerable<(int Symbol, Global Global)> Of(Func<Global, bool> where)
    {
        for (var i = 0; i < _plan.Symbols.Length; i++)
        {
            if (_globals.TryGetValue(_plan.Symbols[i].Id, out var global) && where(global))
            {
                yield return (i, global);
            }
        }
    }

    private Function OwnerOf(Global global) => _cut.Texts.FirstOrDefault(function => function.Id == global.Function)
        ?? throw new InvalidOperationException($"plan: static variable {global.Name} belongs to a function without text ({global.Location})");

    private string Twin(Unit unit, int symbol, Global global)
    {
        var text = unit.Path == global.Location.File
            ? unit.Source.Text
            : unit.Source.Included.Single(file => file.Path == global.Location.File).Text;
        var edits = new SourceEdits(global.Location.File, text);
        if (global.Type.Spelling.Length == 0)
        {
            throw new InvalidOperationException($"plan: static variable {global.Name} has a type without a name ({global.Location})");
        }

        var declaration = CText.Declare(global.Type, NameOf(symbol));
        var constant = global.IsConst && !declaration.Contains("const", StringComparison.Ordinal) ? "const " : "";
        return $"static {constant}{declaration}{Initializer(edits, DeclaratorEnd(edits, global))};\n";
    }

    /// <summary>Offset behind the name and its array bounds.</summary>
    private static int DeclaratorEnd(SourceEdits edits, Global global)
    {
        var at = edits.OffsetOf(global.Location.Line, global.Location.Column);
        if (global.InMacro is not null || edits.Slice(at, at + global.Name.Length) != global.Name)
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

    /// <summary>
    /// " = value", up to the comma or semicolon that ends the declarator; empty without one. Macros that it defines on the way are
    /// left out: those lines still stand where the function was.
    /// </summary>
    private static string Initializer(SourceEdits edits, int at)
    {
        var end = edits.Skip(at, ',', ';');
        var lines = edits.Slice(at, end).Trim().Split('\n').Where(line => !line.TrimStart().StartsWith("#define", StringComparison.Ordinal));
        return string.Join('\n', lines) is { Length: > 0 } text ? " " + text : "";
    }
}
