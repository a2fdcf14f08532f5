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
    public static DriverModel Read(BuildCommands build, ImmutableArray<MacroShim> shims) => ReadUnits(build, shims, _ => null, null).Model;

    /// <summary>The same, with what <see cref="Outline"/> needs.</summary>
    /// <param name="done">Told how many units are read, from any thread.</param>
    public static DriverUnits ReadUnits(BuildCommands build, ImmutableArray<MacroShim> shims, Action<int>? done = null)
    {
        var open = new OpenUnits();
        try
        {
            var (model, read) = ReadUnits(build, shims, _ => null, open, done);
            return new DriverUnits(model, read, open);
        }
        catch
        {
            open.Dispose();
            throw;
        }
    }

    /// <param name="known">What need not be read, by the unit's index.</param>
    /// <param name="open">Where the others stay parsed; null if nothing more will be asked of them.</param>
    private static (DriverModel Model, ImmutableArray<(SourceFile File, UnitModel Model)> Read) ReadUnits(
        BuildCommands build, ImmutableArray<MacroShim> shims, Func<int, (SourceFile File, UnitModel Model)?> known, OpenUnits? open, Action<int>? done = null)
    {
        LibClang.Require();
        var names = NamesOf(build);
        var seen = new SeenBefore();
        var results = new (SourceFile File, UnitModel Model, ImmutableArray<Diagnostic> Errors)[build.Units.Length];
        var count = 0;
        ForUnits(Enumerable.Range(0, build.Units.Length), i =>
        {
            results[i] = known(i) is var (file, model)
                ? (file, model, [])
                : ReadUnit(build.Units[i], build.SourceDirectory, build.Tree.BuildDirectory, names, shims, seen, open);
            done?.Invoke(Interlocked.Increment(ref count));
        });
        if (results.SelectMany(r => r.Errors).FirstOrDefault() is { } error)
            throw new DiagnosticException(error);
        var read = results.Select(r => (r.File, r.Model)).ToImmutableArray();
        return (
            Merge.Units(build.Module, build.Tree.Release, read, build.Diagnostics) with
            {
                SourceDirectory = build.SourceDirectory,
                Objects = [.. build.Units.Select(u => Path.ChangeExtension(u.Path, ".o"))],
                ExtraFlags = build.ExtraFlags,
            },
            read);
    }

    // Each thread has an index of its own; one unit after the other from the list, or a thread that took several would be the last to end.
    private static void ForUnits(IEnumerable<int> units, Action<int> work)
    {
        try
        {
            var list = Partitioner.Create(units, EnumerablePartitionerOptions.NoBuffering);
            Parallel.ForEach(list, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Interruption.Token }, work);
        }
        catch (AggregateException failure) when (failure.InnerExceptions.OfType<DiagnosticException>().FirstOrDefault() is { } first)
        {
            throw first;
        }
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
        var wanted = Enumerable.Range(0, build.Units.Length).Select(i => driver.Concerning(i, requests)).ToArray();
        ForUnits(Enumerable.Range(0, wanted.Length).Where(i => !wanted[i].SequenceEqual(driver.Last[i]?.Requests ?? [])),
            i => driver.Last[i] = wanted[i].IsEmpty ? null : Cut(i));

        var cut = driver.Last.Select(l => l?.Text).ToArray();
        ImmutableArray<OutlinedRegion> regions = [.. cut.SelectMany(c => c?.Regions ?? [])];
        ImmutableArray<Diagnostic> notes = [.. driver.Model.Diagnostics, .. cut.SelectMany(c => c?.Diagnostics ?? [])];
        if (regions.IsEmpty)
            return driver.Model with { Diagnostics = notes };
        var changed = build with { Units = [.. build.Units.Zip(cut, (unit, text) => text is null || text.Regions.IsEmpty ? unit : unit with { Text = text.Text })] };
        var known = cut.Select((c, i) => c is null || c.Regions.IsEmpty ? driver.Read[i] : driver.Last[i]!.Read).ToArray();
        try
        {
            var (model, read) = ReadUnits(changed, shims, i => known[i], null);
            foreach (var i in Enumerable.Range(0, known.Length).Where(i => known[i] is null))
                driver.Last[i] = driver.Last[i]! with { Read = read[i] };
            return OutlinedLines.Restore(model with { Outlined = regions, Diagnostics = notes });
        }
        catch (DiagnosticException failure)
        {
            return driver.Model with { Diagnostics = [.. notes, Troubles.OutlinedDoesNotCompile(failure.Diagnostic)] };
        }

        DriverUnits.Outlined Cut(int i)
        {
            var unit = build.Units[i];
            return With(
                TextOf(unit, build.SourceDirectory, shims).Text, unit, build.Tree.BuildDirectory, names, driver.Open,
                parsed => new DriverUnits.Outlined(wanted[i], Outliner.Outline(parsed, unit, wanted[i]), null));
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
        var outlined = With(
            TextOf(unit, Directory, shims).Text, unit, "/", new FileNames(Directory, Directory, roots, "/"), null, parsed => Outliner.Outline(parsed, unit, requests));
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
        CompiledUnit unit, string directory, string workingDirectory, FileNames names, ImmutableArray<MacroShim> shims, SeenBefore seen, OpenUnits? open = null)
    {
        var (text, early) = TextOf(unit, directory, shims);
        return With(text, unit, workingDirectory, names, open, Read);

        (SourceFile File, UnitModel Model, ImmutableArray<Diagnostic> Errors) Read(TranslationUnit parsed)
        {
            var errors = parsed.Errors().ToImmutableArray();
            if (errors.Length > 0)
                return (new SourceFile(unit.Path, "", [], 0, []), new UnitModel([], [], [], []), errors);
            var model = UnitReader.Read(parsed, unit.Path, shims);
            var included = model.Included.Select(f => new IncludedFile(f.Name, seen.Text(f))).ToImmutableArray();
            var file = new SourceFile(unit.Path, Encoding.UTF8.GetString(unit.Text), unit.Arguments, text.InsertionOffset, included) { Early = early };
            return (file, model with { Included = [] }, errors);
        }
    }

    /// <summary>A unit's text as Clang is to see it, and what of other files comes before the shims.</summary>
    private static (UnitText Text, string? Early) TextOf(CompiledUnit unit, string directory, ImmutableArray<MacroShim> shims)
    {
        var offset = InsertionPoint.Find(unit.Text, out var line);
        var early = EarlyHeaders.Of(unit, directory, offset);
        var inserted = Encoding.UTF8.GetBytes(early + ShimText.For(shims, unit.Path, line));
        return (new UnitText(Path.Combine(directory, unit.Path), unit.Path, unit.Text, offset, inserted), early);
    }

    /// <summary>Parses, if it is not open; then it stays open.</summary>
    private static T With<T>(UnitText text, CompiledUnit unit, string workingDirectory, FileNames names, OpenUnits? open, Func<TranslationUnit, T> use)
    {
        var parsed = open?.Take(text) ?? TranslationUnit.Parse(text, [.. unit.Arguments, "-working-directory=" + workingDirectory, .. Strictness], names);
        try
        {
            var result = use(parsed);
            if (open is not null)
            {
                var kept = parsed;
                parsed = null;
                open.Give(kept);
            }

            return result;
        }
        finally
        {
            parsed?.Dispose();
        }
    }
}
