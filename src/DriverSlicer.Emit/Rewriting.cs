// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Emit.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Emit;

/// <summary>The driver's own files with functions replaced, one way for both halves.</summary>
/// <param name="FateOf">What becomes of each function in this half.</param>
/// <param name="StubOf">Lines of the body that stands for the other half's.</param>
/// <param name="StubHeader">What stubs need, for files that may come before the generated header.</param>
/// <param name="EditIncluded">What this half changes more in an included file.</param>
internal sealed record Rewriting(
    Func<Function, Fate> FateOf, Func<Function, IReadOnlyList<string>> StubOf, string StubHeader, Action<SourceEdits, string> EditIncluded)
{
    /// <summary>What this half does around a function that stays.</summary>
    public Action<SourceEdits, string, Function>? OnKept { get; init; }

    private static readonly string[] Trap = ["{", "\t__builtin_trap(); /* only the address is used in this half */", "}"];

    private static readonly string[] NeverCalled = ["{", "\tmd_never_called();", "}"];

    private static readonly string[] OnlyStatics = ["{", "\t__builtin_trap(); /* only its variables are used in this half */", "}"];

    public SourceEdits Edit(Slice slice, string path, string text)
    {
        var edits = new SourceEdits(path, text);
        foreach (var function in slice.Cut.Texts.Where(function => function.Definition!.File == path))
        {
            switch (FateOf(function))
            {
                case Fate.Kept:
                    slice.Statics.Label(edits, function);
                    OnKept?.Invoke(edits, path, function);
                    break;
                case Fate.Stub:
                    ReplaceBody(slice, edits, function, StubOf(function));
                    break;
                case Fate.Address:
                    ReplaceBody(slice, edits, function, Trap);
                    break;
                case Fate.Dead or Fate.Removed when slice.Statics.Has(function):
                    edits.Insert(function.Definition!.Start, "__attribute__((used)) ");
                    ReplaceBody(slice, edits, function, OnlyStatics);
                    break;
                case Fate.Dead:
                    ReplaceBody(slice, edits, function, NeverCalled);
                    break;
                case Fate.Removed:
                    edits.Replace(function.Definition!, Blank.Out(edits.Slice(function.Definition!)));
                    break;
            }
        }

        return edits;
    }

    private static void ReplaceBody(Slice slice, SourceEdits edits, Function function, IReadOnlyList<string> stub) => edits.Replace(
        function.Body!,
        slice.Statics.Has(function) ? slice.Statics.Keep(edits, function, stub) : Blank.Fit(edits.Slice(function.Body!), stub));

    /// <summary>Files of the driver that units include, each once.</summary>
    public IEnumerable<OutputFile> Included(Slice slice, string folder)
    {
        foreach (var file in slice.Units.SelectMany(unit => unit.Source.Included).DistinctBy(file => file.Path))
        {
            var edits = Edit(slice, file.Path, file.Text);
            var stub = slice.Cut.Texts.FirstOrDefault(function => function.Definition!.File == file.Path && FateOf(function) is Fate.Stub or Fate.Dead);
            if (stub is not null)
            {
                var start = stub.Definition!.Start;
                edits.Insert(start, $"{(edits.IsLineStart(start) ? "" : "\n")}#include \"{StubHeader}\"\n#line {edits.LineAt(start)} \"{file.Path}\"\n");
            }

            EditIncluded(edits, file.Path);
            yield return new OutputFile($"{folder}/{Above.PathOf(file.Path)}", edits.Apply());
        }
    }

    /// <summary>
    /// A unit with <paramref name="header"/> after its last include and <paramref name="trailer"/> behind its end. Where a blank line
    /// follows the last include it gives way to the header, so the file's own line numbers stay those of the original.
    /// </summary>
    public string UnitText(Slice slice, Unit unit, string header, string trailer)
    {
        var edits = Edit(slice, unit.Path, unit.Source.Text);
        var at = unit.Source.InsertionOffset;
        if (edits.IsBlankLineAt(at))
        {
            edits.Insert(at, $"#include \"{header}\"");
        }
        else
        {
            edits.Insert(at, $"{(edits.IsLineStart(at) ? "" : "\n")}#include \"{header}\"\n#line {edits.LineAt(at)} \"{unit.Path}\"\n");
        }

        var text = edits.Apply();
        return $"{text}{(text.EndsWith('\n') ? "" : "\n")}\n#include \"{trailer}\"\n";
    }
}
