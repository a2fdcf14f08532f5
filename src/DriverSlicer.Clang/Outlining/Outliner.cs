// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text;
using DriverSlicer.Clang.Lowering;
using DriverSlicer.Clang.Native;
using DriverSlicer.Model;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Outlining;

/// <summary>A unit's text with regions made functions, and what was said about the others.</summary>
internal sealed record OutlinedText(byte[] Text, ImmutableArray<OutlinedRegion> Regions, ImmutableArray<Diagnostic> Diagnostics);

/// <summary>
/// Makes a locked region, or a statement, a function of its own, at the end of its file, where every name that it uses is still visible:
///
///     spin_lock_irq(&amp;card->lock);           change = md_outline_0_put(card, value);
///     change = card->ctrl != value;
///     card->ctrl = value;
///     spin_unlock_irq(&amp;card->lock);
///     return change;                        return change;
///
/// That is a change of the text like any other, so what follows needs to know nothing of it: the function takes the lock (or has the construct
/// for which its statement was cut out), which keeps it in the kernel half, and it is called from the user half as any of the driver's
/// functions is. Lines keep their numbers. A function is left as it is unless all its regions can be outlined.
/// </summary>
internal static class Outliner
{
    public static OutlinedText Outline(TranslationUnit unit, CompiledUnit source, ImmutableArray<OutlineRequest> requests)
    {
        var text = source.Text;
        var edits = new List<(int Start, int End, string Text)>();
        var trailer = new StringBuilder();
        var regions = ImmutableArray.CreateBuilder<OutlinedRegion>();
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var line = RegionText.LineOf(text, text.Length) + (text.Length > 0 && text[^1] != '\n' ? 1 : 0);
        trailer.Append(text.Length > 0 && text[^1] != '\n' ? "\n" : "");
        var byFunction = requests.ToLookup(r => r.Function);
        foreach (var cursor in unit.Root.Children().Where(c => c.Kind == CursorKind.FunctionDecl && clang_isCursorDefinition(c) != 0))
        {
            var wanted = byFunction[cursor.Usr()].ToArray();
            if (wanted.Length == 0 || cursor.Children().LastOrDefault(c => c.Kind == CursorKind.CompoundStmt) is not { Kind: CursorKind.CompoundStmt } body)
                continue;
            var cut = Cut(unit, text, cursor, body, wanted, out var obstacle, out var culprit);
            if (cut.IsEmpty)
            {
                diagnostics.Add(NotOutlined(culprit, obstacle));
                continue;
            }

            var prototypes = new StringBuilder();
            foreach (var ((place, captured), index) in cut.Select((c, i) => (c, i)))
            {
                var name = $"md_outline_{index}_{cursor.Spelling()}";
                var (head, call) = Heads(name, captured);
                var content = RegionText.Utf8(text.AsSpan(place.Start..place.End));
                var lines = content.Count(c => c == '\n');
                prototypes.Append(head).Append("; ");
                edits.Add((place.Start, place.End, call + new string('\n', lines)));
                var first = RegionText.LineOf(text, place.Start);
                var locals = string.Concat(captured.Locals.Select(l => $"{Declare(l)}; "));
                var ends = captured.Result is var (_, result) ? $" return {result};" : "";
                var indent = RegionText.Utf8(text.AsSpan((text.AsSpan(..place.Start).LastIndexOf((byte)'\n') + 1)..place.Start));
                trailer.Append($"\n#line {first - 1}\n{head} {{{(locals.Length == 0 ? "" : " " + locals.TrimEnd())}\n{(string.IsNullOrWhiteSpace(indent) ? indent : "")}{content}{ends} }}\n");
                regions.Add(new OutlinedRegion(name, cursor.Spelling(), source.Path, line + 3, first, place.IsStraight));
                line += 4 + lines;
            }

            var start = DefinitionStart.Of(text, unit.ExpansionPlace(clang_getRangeStart(clang_getCursorExtent(cursor))).Offset);
            edits.Add((start, start, prototypes.ToString()));
        }

        return new OutlinedText(Apply(text, edits, trailer.ToString()), regions.ToImmutable(), diagnostics.ToImmutable());
    }

    private static ImmutableArray<(RegionPlace Place, Captured Captured)> Cut(
        TranslationUnit unit, byte[] text, CXCursor function, CXCursor body, OutlineRequest[] wanted, out string obstacle, out OutlineRequest culprit)
    {
        (obstacle, culprit) = ("", wanted[0]);
        var range = clang_getCursorExtent(function);
        var (start, end) = (unit.ExpansionPlace(clang_getRangeStart(range)), unit.ExpansionPlace(clang_getRangeEnd(range)));
        if (start.File is not { IsMain: true } || end.File is not { IsMain: true } || unit.MacroAt(clang_getRangeStart(clang_getCursorExtent(body))) != null)
            return Refuse("it stands in an included file", out obstacle);
        if (Attributes.Of(function).Intersect(["init", "exit"]).Any())
            return Refuse("the function's code is thrown away after loading", out obstacle);

        var shape = FunctionShape.Of(unit, function, body);
        var places = new List<RegionPlace>();
        foreach (var request in wanted)
        {
            culprit = request;
            if ((request.Lock is null ? StatementOf(shape, text, request, out obstacle) : PlaceOf(shape, text, request, out obstacle)) is not { } place)
                return [];
            if (places.Any(p => p.Has(place.Start) || place.Has(p.Start)))
                return Refuse("another part of the function that is cut out overlaps it", out obstacle);
            var region = RegionText.Utf8(text.AsSpan(place.Start..place.End));
            if (RegionText.Obstacle(region, RegionText.Utf8(text.AsSpan(..start.Offset)), RegionText.Utf8(text.AsSpan(end.Offset..))) is { } why)
                return Refuse(why, out obstacle);
            places.Add(place);
        }

        var cut = ImmutableArray.CreateBuilder<(RegionPlace, Captured)>();
        foreach (var (place, request) in places.Zip(wanted))
        {
            culprit = request;
            if (Captures.Of(shape, place, places, out obstacle) is not { } captured)
                return [];
            cut.Add((place, captured));
        }

        return cut.ToImmutable();
    }

    private static RegionPlace? PlaceOf(FunctionShape shape, byte[] text, OutlineRequest request, out string obstacle)
    {
        var (start, last) = (OffsetOf(text, request.Acquire), OffsetOf(text, request.Release));
        obstacle = "it is not taken and given back by statements of one block";
        if (shape.Blocks.FirstOrDefault(b => b.Starts(start) && b.Starts(last)) is not { } block || last <= start)
            return null;
        var (acquireEnd, end) = (RegionText.CallEnd(text, start), RegionText.CallEnd(text, last));
        if (acquireEnd < 0 || end < 0 || acquireEnd > last)
            return null;
        return Whole(shape, text, block, new RegionPlace(start, acquireEnd, end, false), out obstacle);
    }

    /// <summary>The innermost statement of a block around the place, or the one around that, whichever can be cut out.</summary>
    private static RegionPlace? StatementOf(FunctionShape shape, byte[] text, OutlineRequest request, out string obstacle)
    {
        const int Levels = 2;
        var at = OffsetOf(text, request.Acquire);
        obstacle = "it is no statement of a block";
        var around = shape.Blocks.SelectMany(b => b.Statements.Where(s => s.Has(at)).Select(s => (Block: b, Statement: s))).OrderBy(p => p.Statement.End - p.Statement.Start);
        foreach (var (block, statement) in around.Take(Levels))
        {
            var why = statement.IsDeclaration ? "it declares variables" : "it does not end where a statement does";
            var end = statement.IsDeclaration ? -1 : RegionText.StatementEnd(text, statement.Start, statement.End);
            var found = end < 0 ? null : Whole(shape, text, block, new RegionPlace(statement.Start, statement.Start, end, false), out why);
            if (found is not null && Captures.Of(shape, found, [found], out why) is not null)
                return found;
            obstacle = why;
        }

        return null;
    }

    /// <summary>Null if control enters or leaves it elsewhere than at its ends.</summary>
    private static RegionPlace? Whole(FunctionShape shape, byte[] text, Block block, RegionPlace place, out string obstacle)
    {
        obstacle = "the region names the function it stands in";
        if (shape.OwnNames.Any(place.Has))
            return null;
        if (shape.Jumps.FirstOrDefault(j => place.Has(j.At) && !place.Has(j.Needs)) is not { } jump)
            return place with
            {
                InLoop = block.InLoop || shape.Jumps.Any(j => j.What == "a label" && j.At < place.Start),
                IsStraight = !shape.Branches.Any(place.Has) && !shape.Jumps.Any(j => place.Has(j.At)),
            };
        obstacle = $"{jump.What} in line {RegionText.LineOf(text, jump.At)} leads across its border";
        return null;
    }

    private static (string Head, string Call) Heads(string name, Captured captured)
    {
        var parameters = captured.Parameters.IsEmpty ? "void" : string.Join(", ", captured.Parameters.Select(Declare));
        var call = $"{name}({string.Join(", ", captured.Parameters.Select(p => p.Name))});";
        return captured.Result is var (type, variable)
            ? ($"static {type} {name}({parameters})", $"{variable} = {call}")
            : ($"static void {name}({parameters})", call);
    }

    private static string Declare((string Type, string Name) variable) =>
        variable.Type + (variable.Type.EndsWith('*') ? "" : " ") + variable.Name;

    private static int OffsetOf(byte[] text, Location location)
    {
        var offset = 0;
        for (var line = 1; line < location.Line; line++)
            offset = Array.IndexOf(text, (byte)'\n', offset) + 1;
        return offset + location.Column - 1;
    }

    private static byte[] Apply(byte[] text, List<(int Start, int End, string Text)> edits, string trailer)
    {
        var result = new List<byte>(text.Length + trailer.Length);
        var at = 0;
        foreach (var (start, end, replacement) in edits.OrderBy(e => e.Start))
        {
            result.AddRange(text[at..start]);
            result.AddRange(Encoding.UTF8.GetBytes(replacement));
            at = end;
        }

        result.AddRange(text[at..]);
        result.AddRange(Encoding.UTF8.GetBytes(trailer));
        return [.. result];
    }

    private static ImmutableArray<(RegionPlace, Captured)> Refuse(string why, out string obstacle)
    {
        obstacle = why;
        return [];
    }

    private static Diagnostic NotOutlined(OutlineRequest request, string why) => new(
        "DS0407", Severity.Note, request.Acquire,
        $"the {(request.Lock is { } held ? $"region of {request.Name} that holds {held}" : $"statement of {request.Name} that keeps it")} is not outlined, so the function stays in the kernel half: {why}",
        "nothing to do");
}
