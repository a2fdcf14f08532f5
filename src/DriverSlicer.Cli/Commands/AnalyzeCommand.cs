// SPDX-License-Identifier: GPL-2.0-only
using System.CommandLine;
using DriverSlicer.Clang;
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
        var today = new Option<bool>("--as-emitted") { Description = "Placement as 'slice' emits it: the default, accepted for older scripts." };
        var save = new Option<string?>("--save-model") { Description = "Also write what was read of the driver to FILE, for --model.", HelpName = "FILE" };
        var saved = new Option<bool>("--model") { Description = "DRIVER is a file that --save-model wrote; neither Clang nor the source is needed." };
        var command = new Command("analyze", "Show which half each function belongs to, with the reason.") { driver, json, kernel, config, today, save, saved };
        command.SetAction((parse, _) => Guard.RunAsync(parse.GetValue(json), () =>
        {
            var drivers = parse.GetValue(driver)!;
            var all = parse.GetValue(saved)
                ? [.. drivers.Select(d => Slicer.FromModel(d, SliceAbilities.Today, Render.Progress, parse.GetValue(config)))]
                : Slicer.SliceTogether(Slicer.Tree(parse.GetValue(kernel)), drivers, SliceAbilities.Today, Render.Progress, parse.GetValue(config));
            if (parse.GetValue(save) is { } file)
                ModelFile.Write(file, all.Length == 1 ? all[0].Model : throw new LabUsageException("--save-model takes one driver"));
            foreach (var sliced in all)
            {
                Render.Diagnostics(sliced.Plan.Diagnostics);
                AnalysisReport.Functions(sliced);
                AnalysisReport.Locks(sliced);
                AnalysisReport.Summary(sliced);
            }

            var exit = all.Any(s => s.Plan.Diagnostics.Any(d => d.Severity == Severity.Error)) ? ExitCodes.Refused : ExitCodes.Fine;
            if (parse.GetValue(json) is { } path)
                JsonFile.Write(path, AnalysisReport.Json(all, exit));
            return Task.FromResult(exit);
        }));
        return command;
    }
}
