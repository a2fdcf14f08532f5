// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using DriverSlicer.Clang.Lowering;
using DriverSlicer.Clang.Native;
using DriverSlicer.Clang.Outlining;
using DriverSlicer.Model;

namespace DriverSlicer.Clang;

/// <summary>Compile commands to <see cref="DriverModel"/>. The last stage that knows Clang; a saved model may replace it.</summary>
public static class ClangFrontEnd
{
    // Without the two errors an undeclared function would pass as int f(); without a limit late errors would be lost.
    private static readonly string[] Strictness =
        ["-Wno-everything", "-Werror=implicit-function-declaration", "-Werror=implicit-int", "-ferror-limit=0"];

    /// <summary>Units that live together: one takes about 50 MB.</summary>
    private const int AtOnce = 2;

    /// <summary>Which libclang there is, without loading it.</summary>
    public static string LibraryStamp() => LibClang.Stamp();

    /// <summary>Throws <see cref="DiagnosticException"/> for the first error of a file that does not compile.</summary>
    public static DriverModel Read(BuildCommands build, ImmutableArray<MacroShim> shims) => ReadUnits(build, shims).Model;

    /// <summary>The same, with what <see cref="Outline"/> needs.</summary>
    public static DriverUnits ReadUnits(BuildCommands build, ImmutableArray<MacroShim> shims) =>
        ReadUnits(build, shims, new (SourceFile, UnitModel)?[build.Units.Length]);

    /// <param name="known">Units that need not be read, in the place of each.</param>
    private static DriverUnits ReadUnits(BuildCommands build, ImmutableArray<MacroShim> shims, (SourceFile File, UnitModel Model)?[] known)
    {
        LibClang.Require();
        var names = NamesOf(build);
        var seen = new SeenBefore();
        var results = new (SourceFile File, UnitModel Model, ImmutableArray<Diagnostic> Errors)[build.Units.Length];
        // Each thread has an index of its own.
        try
        {
            // One after the other from the list, or a thread that took several would be the last to end.
            var list = Partitioner.Create(Enumerable.Range(0, build.Units.Length), EnumerablePartitionerOptions.NoBuffering);
            Parallel.ForEach(list, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Interruption.Token }, i => results[i] = known[i] is var (file, model)
                ? (file, model, [])
                : ReadUnit(build.Units[i], build.SourceDirectory, build.Tree.BuildDirectory, names, shims, seen));
        }
        catch (AggregateException failure) when (failure.InnerExceptions.OfType<DiagnosticException>().FirstOrDefault() is { } first)
        {
            throw first;
        }

        if (results.SelectMany(r => r.Errors).FirstOrDefault() is { } error)
            throw new DiagnosticException(error);
        var read = results.Select(r => (r.File, r.Model)).ToImmutableArray();
        return new DriverUnits(
            Merge.Units(build.Module, build.Tree.Release, read, build.Diagnostics) with
            {
                SourceDirectory = build.SourceDirectory,
                Objects = [.. build.Units.Select(u => Path.ChangeExtension(u.Path, ".o"))],
                ExtraFlags = build.ExtraFlags,
            },
            read);
    }

    /// <summary>
    /// For statistics over many drivers: one file after the other, each named to <paramref name="begin"/> before it is read. Files that do not
    /// compile are left out of the model and listed.
    /// </summary>
    /// <param name="headers">Saves most of the time; null reads each file as <see cref="Read"/> does.</param>
    public static (DriverModel Model, ImmutableArray<Diagnostic> Failed) ReadTolerant(
        BuildCommands build, ImmutableArray<MacroShim> shims, HeaderSet? headers, Action<string> begin)
    {
        LibClang.Require();
        var names = NamesOf(build);
        var seen = new SeenBefore();
        var read = new List<(SourceFile File, UnitModel Model)>();
        var failed = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var unit in build.Units)
        {
            begin(unit.Path);
            try
            {
                var (file, model, errors) = ReadShort(unit) ?? ReadUnit(unit, build.SourceDirectory, build.Tree.BuildDirectory, names, shims, seen);
                if (errors.IsEmpty)
                    read.Add((file, seen.New(model)));
                else
                    failed.Add(errors[0] with { Location = errors[0].Location with { File = unit.Path }, Message = $"{errors[0].Message} ({errors[0].Location})" });
            }
            catch (DiagnosticException e)
            {
                failed.Add(e.Diagnostic with { Location = new Location(unit.Path, 0, 0) });
            }
        }

        return (Merge.Units(build.Module, build.Tree.Release, [.. read], build.Diagnostics), failed.ToImmutable());

        (SourceFile File, UnitModel Model, ImmutableArray<Diagnostic> Errors)? ReadShort(CompiledUnit unit)
        {
            if (headers?.Apply(unit.Arguments, build.Tree, Strictness) is not { } arguments)
                return null;
            var result = ReadUnit(unit with { Arguments = arguments }, build.SourceDirectory, build.Tree.BuildDirectory, names, shims, seen);
            return result.Errors.IsEmpty ? (result.File with { Arguments = unit.Arguments }, result.Model, result.Errors) : null;
        }
    }

    /// <summary>
    /// Reads the driver again with the regions asked for made functions of their own, as far as its units have any. What cannot be is left as it
    /// is, with a note (DS0407); so is everything, with a warning (DS0408), should the text not compile then.
    /// </summary>
    public static DriverModel Outline(BuildCommands build, ImmutableArray<MacroShim> shims, DriverUnits driver, ImmutableArray<OutlineRequest> requests)
    {
        var names = NamesOf(build);
        var wanted = requests.Select(r => r.Function).ToHashSet();
        var units = build.Units.Select(u => new OutlinedText(u.Text, [], [])).ToArray();
        // Parsed two at a time, as in ReadUnits; cut in order, for the regions are numbered through.
        foreach (var some in Enumerable.Range(0, units.Length).Where(i => driver.Defines(i, wanted)).Chunk(AtOnce))
        {
            Interruption.Check();
            var parsed = new TranslationUnit[some.Length];
            Parallel.For(0, some.Length, i => parsed[i] = Parse(build.Units[some[i]], build.SourceDirectory, build.Tree.BuildDirectory, names, shims, out _, out _));
            foreach (var (unit, i) in parsed.Zip(some))
            {
                using (unit)
                    units[i] = Outliner.Outline(unit, build.Units[i], requests, units.Sum(u => u.Regions.Length));
            }
        }

        ImmutableArray<Diagnostic> notes = [.. driver.Model.Diagnostics, .. units.SelectMany(u => u.Diagnostics)];
        if (units.All(u => u.Regions.IsEmpty))
            return driver.Model with { Diagnostics = notes };
        var changed = build with { Units = [.. build.Units.Zip(units, (unit, text) => text.Regions.IsEmpty ? unit : unit with { Text = text.Text })] };
        var unchanged = units.Select((u, i) => u.Regions.IsEmpty ? driver.Read[i] : ((SourceFile, UnitModel)?)null).ToArray();
        try
        {
            return OutlinedLines.Restore(
                ReadUnits(changed, shims, unchanged).Model with { Outlined = [.. units.SelectMany(u => u.Regions)], Diagnostics = notes });
        }
        catch (DiagnosticException failure)
        {
            return driver.Model with { Diagnostics = [.. notes, Troubles.OutlinedDoesNotCompile(failure.Diagnostic)] };
        }
    }

    /// <summary>The same for one file of C text, for tests and experiments.</summary>
    public static DriverModel OutlineText(
        string name, string text, ImmutableArray<MacroShim> shims, ImmutableArray<string> arguments, ImmutableArray<OutlineRequest> requests,
        out ImmutableArray<Diagnostic> errors)
    {
        LibClang.Require();
        const string Directory = "/nonexistent/driver";
        var roots = arguments.Where(a => a.StartsWith("-I", StringComparison.Ordinal)).Select(a => a[2..]).ToImmutableArray();
        var unit = new CompiledUnit(name, Encoding.UTF8.GetBytes(text), ["-std=gnu11", "-O2", .. arguments]);
        using var parsed = Parse(unit, Directory, "/", new FileNames(Directory, Directory, roots, "/"), shims, out _, out _);
        var outlined = Outliner.Outline(parsed, unit, requests, 0);
        var model = ReadText(name, Encoding.UTF8.GetString(outlined.Text), shims, arguments, out errors);
        return OutlinedLines.Restore(model with { Outlined = outlined.Regions, Diagnostics = [.. model.Diagnostics, .. outlined.Diagnostics] });
    }

    /// <summary>One file of C text on its own, without Kbuild: for tests and experiments. <paramref name="errors"/> may be non-empty.</summary>
    public static DriverModel ReadText(
        string name, string text, ImmutableArray<MacroShim> shims, ImmutableArray<string> arguments, out ImmutableArray<Diagnostic> errors)
    {
        LibClang.Require();
        const string Directory = "/nonexistent/driver";
        var roots = arguments.Where(a => a.StartsWith("-I", StringComparison.Ordinal)).Select(a => a[2..]).ToImmutableArray();
        var unit = new CompiledUnit(name, Encoding.UTF8.GetBytes(text), ["-std=gnu11", "-O2", .. arguments]);
        var (file, model, found) = ReadUnit(unit, Directory, "/", new FileNames(Directory, Directory, roots, "/"), shims, new SeenBefore());
        errors = found;
        return Merge.Units(Path.GetFileNameWithoutExtension(name), "none", [(file, model)], []);
    }

    private static FileNames NamesOf(BuildCommands build) =>
        new(build.SourceDirectory, build.OwnRoot, build.Tree.HeaderDirectories, build.Tree.BuildDirectory);

    private static (SourceFile File, UnitModel Model, ImmutableArray<Diagnostic> Errors) ReadUnit(
        CompiledUnit unit, string directory, string workingDirectory, FileNames names, ImmutableArray<MacroShim> shims, SeenBefore seen)
    {
        using var parsed = Parse(unit, directory, workingDirectory, names, shims, out var offset, out var early);
        var errors = parsed.Errors().ToImmutableArray();
        if (errors.Length > 0)
            return (new SourceFile(unit.Path, "", [], 0, []), new UnitModel([], [], [], []), errors);
        var model = UnitReader.Read(parsed, unit.Path, shims);
        var included = model.Included.Select(f => new IncludedFile(f.Name, seen.Text(f))).ToImmutableArray();
        var file = new SourceFile(unit.Path, Encoding.UTF8.GetString(unit.Text), unit.Arguments, offset, included) { Early = early };
        return (file, model with { Included = [] }, errors);
    }

    private static TranslationUnit Parse(
        CompiledUnit unit, string directory, string workingDirectory, FileNames names, ImmutableArray<MacroShim> shims, out int offset, out string? early)
    {
        offset = InsertionPoint.Find(unit.Text, out var line);
        early = EarlyHeaders.Of(unit, directory, offset);
        var inserted = Encoding.UTF8.GetBytes(early + ShimText.For(shims, unit.Path, line));
        var text = new UnitText(Path.Combine(directory, unit.Path), unit.Path, unit.Text, offset, inserted);
        return TranslationUnit.Parse(
            text, [.. unit.Arguments, "-working-directory=" + workingDirectory, .. Strictness], names);
    }
}
