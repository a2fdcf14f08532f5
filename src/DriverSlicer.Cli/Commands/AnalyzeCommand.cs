// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using DriverSlicer.Clang;
using DriverSlicer.Cli.Caching;
using DriverSlicer.Cli.Output;
using DriverSlicer.Lab;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Commands;

/// <summary><c>analyze DRIVER...</c>: where every function would live and why, what crosses, which locks are shared. Writes nothing but JSON.</summary>
public static class AnalyzeCommand
{
    public static Command Create()
    {
        var driver = CommonOptions.Drivers();
        var json = CommonOptions.Json();
        var kernel = CommonOptions.Kernel();
        var config = CommonOptions.Config();
        var noCache = CommonOptions.NoCache();
        var today = new Option<bool>("--as-emitted") { Description = "Placement as 'slice' emits it: the default, accepted for older scripts." };
        var save = new Option<string?>("--save-model") { Description = "Also write what was read of the driver to FILE, for --model.", HelpName = "FILE" };
        var saved = new Option<bool>("--model") { Description = "DRIVER is a file that --save-model wrote; neither Clang nor the source is needed." };
        var command = new Command("analyze", "Show which half each function belongs to, with the reason.") { driver, json, kernel, config, noCache, today, save, saved };
        command.SetAction((parse, _) => Guard.RunAsync(parse.GetValue(json), () =>
        {
            var clock = Stopwatch.StartNew();
            var drivers = parse.GetValue(driver)!;
            if (drivers.Length > 1)
                return Task.FromResult(Several(parse, drivers, parse.GetValue(saved)));
            var text = parse.GetValue(saved)
                ? AnalysisReport.Of(Saved(Slicer.FromModel(drivers[0], SliceAbilities.Today, Render.Progress, parse.GetValue(config)), parse.GetValue(save)))
                : Text(
                    Slicer.Load(Slicer.Tree(parse.GetValue(kernel)), drivers[0], Render.Progress),
                    parse.GetValue(config), parse.GetValue(save), SliceCache.Open(parse.GetValue(noCache)), clock);
            AnalysisReport.Print(text);
            if (parse.GetValue(json) is { } path)
                JsonFile.Write(path, text.Json);
            return Task.FromResult(text.Exit);
        }));
        return command;

        int Several(ParseResult parse, string[] drivers, bool models)
        {
            if (parse.GetValue(save) is not null)
                throw new LabUsageException("--save-model takes one driver");
            ImmutableArray<Sliced> all = models
                ? [.. drivers.Select(d => Slicer.FromModel(d, SliceAbilities.Today, Render.Progress, parse.GetValue(config)))]
                : Slicer.SliceTogether(Slicer.Tree(parse.GetValue(kernel)), drivers, SliceAbilities.Today, Render.Progress, parse.GetValue(config));
            foreach (var sliced in all)
                AnalysisReport.Print(AnalysisReport.Of(sliced));
            var exit = all.Any(s => s.Plan.Diagnostics.Any(d => d.Severity == Severity.Error)) ? ExitCodes.Refused : ExitCodes.Fine;
            if (parse.GetValue(json) is { } path)
                JsonFile.Write(path, AnalysisReport.Json(all, exit));
            return exit;
        }
    }

    private static AnalysisText Text(BuildCommands commands, string? config, string? save, SliceCache? cache, Stopwatch clock)
    {
        var key = cache?.Key(commands, config, SliceAbilities.Today) ?? "";
        if (save is null && cache?.FindAnalysis(key) is { } known)
        {
            Render.Progress("nothing it depends on has changed since it was analysed last: the same answer (--no-cache: anew)");
            return known;
        }

        var sliced = Saved(Slicer.Slice(commands, SliceAbilities.Today, Render.Progress, config, cache) with { Seconds = clock.Elapsed.TotalSeconds }, save);
        var text = AnalysisReport.Of(sliced);
        if (sliced.FilesRead is { } files)
            cache?.Store(key, text, files);
        return text;
    }

    private static Sliced Saved(Sliced sliced, string? file)
    {
        if (file is not null)
            ModelFile.Write(file, sliced.Model);
        return sliced;
    }
}
