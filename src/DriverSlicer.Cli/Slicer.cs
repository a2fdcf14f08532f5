// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Diagnostics;
using DriverSlicer.Analysis;
using DriverSlicer.Clang;
using DriverSlicer.Cli.Caching;
using DriverSlicer.Cli.Output;
using DriverSlicer.Cli.Specs;
using DriverSlicer.Emit;
using DriverSlicer.Lab;
using DriverSlicer.Model;

namespace DriverSlicer.Cli;

/// <summary>A driver after all decisions are made.</summary>
public sealed record Sliced(DriverModel Model, CallGraph Graph, SlicePlan Plan, KernelSpecs Specs, SliceAbilities Abilities, double Seconds)
{
    /// <summary>The text of the driver's units before anything was outlined.</summary>
    public ImmutableArray<SourceFile> Input { get; init; } = Model.Files;

    /// <summary>What the parse read, if the answer may be kept.</summary>
    public FilesRead? FilesRead { get; init; }

    public IReadOnlyDictionary<string, Function> ById { get; } = Model.Functions.ToDictionary(f => f.Id);
}

/// <summary>The stages from a driver's source to the text of its halves, in order.</summary>
public static class Slicer
{
    /// <summary>The checkout: specs/, kernel/ and user/ are read from there.</summary>
    public static string Root { get; } = Path.GetDirectoryName(LabFolder.Find())!;

    /// <summary>An installed kernel.</summary>
    public static KernelTree Tree(string? release) => KernelTree.Installed(release);

    /// <summary>One that the lab boots: installed, or built from source.</summary>
    public static KernelTree Tree(LabKernel kernel) => new(kernel.Release, kernel.BuildDir) { ModulesDirectory = kernel.ModulesDir };

    /// <param name="config">A slice.toml; null: the one beside the driver, if there is one.</param>
    /// <param name="cache">Where what was read of a driver is kept, or null.</param>
    public static Sliced Slice(KernelTree tree, string driver, SliceAbilities abilities, Action<string> progress, string? config = null, SliceCache? cache = null)
    {
        var clock = Stopwatch.StartNew();
        return Slice(Load(tree, driver, progress), abilities, progress, config, cache) with { Seconds = clock.Elapsed.TotalSeconds };
    }

    /// <summary>Several modules that may use each other's exports: each is sliced knowing in which contexts the others call it.</summary>
    /// <param name="config">For one driver only: of several, each has its own beside it.</param>
    /// <param name="cache">For one driver only: what of several depends on the others is not kept.</param>
    public static ImmutableArray<Sliced> SliceTogether(
        KernelTree tree, IReadOnlyList<string> drivers, SliceAbilities abilities, Action<string> progress, string? config = null, SliceCache? cache = null)
    {
        if (drivers.Count == 1)
            return [Slice(tree, drivers[0], abilities, progress, config, cache)];
        if (config is not null)
            throw new LabUsageException("--config is of one driver: with several, each may have a slice.toml beside its source");
        var specs = Specs();
        var named = drivers.Select(d => Read(tree, d, specs, progress)).ToArray();

        // Modules of the kernel that use one of them, too, say in which contexts; they are not sliced.
        var users = SiblingModules.Of(tree.ModulesDirectory, [.. named.Select(m => m.Driver)]);
        var others = users.Others.Select(d => Read(tree, d, specs, progress)).ToArray();
        var exports = SiblingExports.Of([.. named, .. others], specs);
        return [.. drivers.Zip(named, (driver, model) =>
        {
            var clock = Stopwatch.StartNew();
            var known = users.Unknown.Contains(LabPlan.Canonical(model.Driver)) ? specs : specs with { Exports = exports };
            return Slice(Load(tree, driver, progress), known, abilities, progress, config: null, cache: null) with { Seconds = clock.Elapsed.TotalSeconds };
        })];
    }

    private static DriverModel Read(KernelTree tree, string driver, KernelSpecs specs, Action<string> progress)
    {
        progress($"reading {driver} for what it calls of the others");
        return ClangFrontEnd.Read(BuildCommands.Load(driver, tree), specs.Macros);
    }

    /// <summary>How the kernel build itself compiles each file.</summary>
    public static BuildCommands Load(KernelTree tree, string driver, Action<string> progress)
    {
        progress($"reading {driver} as the kernel build compiles it");
        return BuildCommands.Load(driver, tree);
    }

    public static Sliced Slice(BuildCommands commands, SliceAbilities abilities, Action<string> progress, string? config, SliceCache? cache) =>
        Slice(commands, Specs(), abilities, progress, config, cache);

    private static Sliced Slice(BuildCommands commands, KernelSpecs specs, SliceAbilities abilities, Action<string> progress, string? config, SliceCache? cache)
    {
        var clock = Stopwatch.StartNew();

        // What the kernel promises at its interfaces, and what a person wants of this driver.
        specs = specs with { Choices = ChoiceFile.Find(config, commands.SourceDirectory) };

        // The last stage that knows Clang.
        var (driver, files) = Read(commands, specs, abilities, progress, cache, cache?.Key(commands, config, abilities) ?? "");

        return Analyse(driver.Model, specs, abilities, progress, clock) with { Input = driver.Input, FilesRead = files };
    }

    private static (DriverRead Driver, FilesRead? Files) Read(
        BuildCommands commands, KernelSpecs specs, SliceAbilities abilities, Action<string> progress, SliceCache? cache, string key)
    {
        if (cache?.FindDriver(key) is var (known, held))
        {
            progress("nothing of it has changed since it was read last");
            return (known, held);
        }

        var begin = DateTime.UtcNow;
        var pace = new Pace(progress, TimeSpan.FromSeconds(5));
        using var units = ClangFrontEnd.ReadUnits(commands, specs.Macros, done => pace.Say($"{done} of {commands.Units.Length} files"));

        // Parts that become functions of their own: a change of the text, so the units that have some are read again.
        var model = Outlining.Run(units.Model, specs, abilities, requests =>
        {
            pace.Say($"cutting {requests.Length} parts out of functions that may then move");
            return ClangFrontEnd.Outline(commands, specs.Macros, units, requests);
        });

        var read = new DriverRead(model, units.Model.Files);
        if (cache is null || FilesRead.Of(units.FilesRead, commands.IncludeFolders, begin) is not { } files)
            return (read, null);
        cache.Store(key, read, files);
        return (read, files);
    }

    /// <summary>The stages after the front end, on a model that was saved before: needs neither Clang nor the driver's source.</summary>
    public static Sliced FromModel(string path, SliceAbilities abilities, Action<string> progress, string? config = null)
    {
        var clock = Stopwatch.StartNew();
        var model = ModelFile.Read(path);
        return Analyse(model, Specs() with { Choices = ChoiceFile.Find(config, model.SourceDirectory) }, abilities, progress, clock);
    }

    private static KernelSpecs Specs() => SpecReader.Read(Path.Combine(Root, "specs"));

    private static Sliced Analyse(DriverModel model, KernelSpecs specs, SliceAbilities abilities, Action<string> progress, Stopwatch clock)
    {
        // Placement, crossings, plan, checks. *From here nothing is decided, only written.*
        Interruption.Check();
        progress($"analysing {model.Functions.Count(f => f.Origin == FunctionOrigin.Driver)} functions");
        var plan = Slicing.Run(model, specs, abilities);

        Interruption.Check();
        return new Sliced(model, CallGraph.Build(model), plan, specs, abilities, clock.Elapsed.TotalSeconds);
    }

    /// <summary>Lines in which the text that was compiled differs from what the source package (or the user's folder) holds.</summary>
    public static int LinesChanged(Sliced sliced) => sliced.Input.Where(f => File.Exists(Path.Combine(sliced.Model.SourceDirectory, f.Path))).Sum(file =>
    {
        var original = File.ReadAllText(Path.Combine(sliced.Model.SourceDirectory, file.Path)).Split('\n');
        var compiled = file.Text.Split('\n');
        return Math.Abs(original.Length - compiled.Length) + original.Zip(compiled).Count(p => p.First != p.Second);
    });

    /// <summary>Every file of the slice: what the emitter wrote and the runtime sources that travel with it.</summary>
    public static IEnumerable<(string Path, string Text)> Files(Sliced sliced)
    {
        foreach (var file in Emitter.Emit(sliced.Plan, sliced.Specs.Macros))
            yield return (file.Path, file.Text);
        foreach (var copied in Emitter.CopiedFiles)
            yield return (copied.To, File.ReadAllText(Path.Combine(Root, copied.From)));
    }
}
