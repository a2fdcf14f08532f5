// SPDX-License-Identifier: GPL-2.0-only
using System.CommandLine;
using DriverSlicer.Cli.Caching;
using DriverSlicer.Cli.Output;
using DriverSlicer.Cli.Reporting;
using DriverSlicer.Lab;
using DriverSlicer.Lab.Builds;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Commands;

/// <summary><c>slice DRIVER -o DIR</c>: writes both halves and the report; with <c>--build</c> compiles them as well and writes DIR/deploy.</summary>
public static class SliceCommand
{
    public static Command Create()
    {
        var driver = CommonOptions.Driver();
        var with = CommonOptions.With();
        var output = new Option<string>("--output", "-o") { Description = "Folder to write: DIR/kernel, DIR/user, DIR/report, DIR/report.html, and with --build DIR/deploy.", HelpName = "DIR", Required = true };
        var build = new Option<bool>("--build") { Description = "Also compile both halves, with Kbuild and gcc, and gather in DIR/deploy what a machine needs to load them." };
        var userFlags = CommonOptions.UserFlags();
        var measurements = CommonOptions.Measurements();
        var json = CommonOptions.Json();
        var kernel = CommonOptions.Kernel();
        var config = CommonOptions.Config();
        var noCache = CommonOptions.NoCache();
        var command = new Command("slice", "Write the two halves of a driver.") { driver, with, output, build, userFlags, measurements, json, kernel, config, noCache };
        command.Validators.Add(r => { if (r.GetValue(userFlags) is not null && !r.GetValue(build)) r.AddError("--user-cflags needs --build: without it nothing is compiled"); });
        command.SetAction((parse, ct) => Guard.RunAsync(parse.GetValue(json), async () =>
        {
            using var folder = OutputFolder.Claim(parse.GetValue(output)!);
            var measured = MeasurementsFile.Read(parse.GetValue(measurements));
            var sliced = Slicer.SliceTogether(Slicer.Tree(parse.GetValue(kernel)), [parse.GetValue(driver)!, .. parse.GetValue(with) ?? []], SliceAbilities.Today, Render.Progress, parse.GetValue(config), SliceCache.Open(parse.GetValue(noCache)))[0];
            Render.Diagnostics(sliced.Plan.Diagnostics);
            var refused = sliced.Plan.Diagnostics.Any(d => d.Severity == Severity.Error);
            if (!refused)
            {
                folder.Write(Slicer.Files(sliced).Append(("report.html", Page.Of(sliced, measured))));
                if (parse.GetValue(build))
                    await BuildAsync(parse.GetValue(output)!, sliced, parse.GetValue(kernel), parse.GetValue(userFlags), ct);
                AnalysisReport.Summary(sliced);
            }

            var exit = refused ? ExitCodes.Refused : ExitCodes.Fine;
            if (parse.GetValue(json) is { } path)
                JsonFile.Write(path, AnalysisReport.Json(sliced, exit));
            return exit;
        }));
        return command;
    }

    private static async Task BuildAsync(string folder, Sliced sliced, string? release, string? userFlags, CancellationToken ct)
    {
        var kernel = KernelImages.Stock(release);
        var runtime = await RuntimeBuild.BuildAsync(Slicer.Root, kernel, Render.Progress, ct);
        var files = await HalvesBuild.BuildAsync(Path.GetFullPath(folder), sliced.Model.Driver, kernel, runtime, Render.Progress, ct, userFlags: userFlags);
        Render.Line($"built {files.Module}");
        Render.Line($"built {files.Shared}");
        Render.Line($"to load it: {DeployFolder.Write(Slicer.Root, Path.GetFullPath(folder), runtime, files)}/microdriver load {folder}, as root on a machine with kernel {kernel.Release}");
    }
}
