// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Cli.Caching;
using DriverSlicer.Cli.Output;
using DriverSlicer.Clang;
using DriverSlicer.Lab;
using DriverSlicer.Lab.Builds;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Running;

/// <summary>
/// The main job, end to end:
///   1. Kernel    the stock one, or the checking one
///   2. Slice     analyse and write both halves (micro only)
///   3. Build     runtime, host and halves; cached where nothing changed
///   4. Boot      the workload natively, then as a microdriver
///   5. Report    one table, one JSON, one exit code
/// </summary>
public static class Runner
{
    public static async Task<int> RunAsync(RunOptions options, CancellationToken ct)
    {
        if (options.Workload is { } asked)
            LabPlan.Require(asked, LabTables.Load(LabFolder.Find()));
        var kernel = options.Checking ? await KernelImages.CheckingAsync(Render.Progress, ct) : KernelImages.Stock(options.Kernel);
        var tree = Slicer.Tree(kernel);

        var all = Slicer.SliceTogether(tree, options.Drivers, SliceAbilities.Today, Render.Progress, options.Config, SliceCache.Open(options.NoCache));
        var principal = SiblingModules.Principal(kernel.ModulesDir, [.. all.Select(s => s.Model.Driver)]);
        var sliced = DropField.From(all[principal], options.DropField);
        all = all.SetItem(principal, sliced);
        Render.Diagnostics(all.SelectMany(s => s.Plan.Diagnostics).Where(d => d.Severity != Severity.Note || d.Id == "DS0804"));
        // The driver as it is needs no slice.
        if (options.Micro && all.FirstOrDefault(s => s.Plan.Diagnostics.Any(d => d.Severity == Severity.Error)) is { } refused)
            return Refused(options, refused);

        var files = options.Micro ? await MicroBuild.RunAsync(all, kernel, options.Suffix, options.PoisonAll ? "POISON=2" : options.Poison ? "POISON=1" : null, options.UserFlags, ct) : [];

        var workload = options.Workload ?? Workloads.Default(sliced.Model.Driver);
        var own = options.Native ? await OwnModulesAsync(options, all, kernel, ct) : [];
        var oneBoot = Workloads.IsOneBoot(workload);
        var native = options.Native && !(oneBoot && options.Micro) ? await BootAsync(options, sliced, kernel, workload, LabMode.Native, own, ct) : null;
        var micro = options.Micro ? await BootAsync(options, sliced, kernel, workload, LabMode.Micro, files, ct) : null;

        var report = new RunReport(options, sliced, all, kernel, workload, native, micro);
        if (oneBoot && (micro ?? native) is { } both)
            report = new RunReport(options, sliced, all, kernel, workload, OneBoot.Split(both, microdriver: micro is not null));
        if (options.Poison && micro is not null)
            report.Poison = await PoisonFindings.OfAsync(micro, sliced, files.Single(f => Path.GetFileName(f) == sliced.Model.Driver + ".so"), ct);
        if (report.Differs && native is { Ok: true })
            report.NativeAgain = await BootAsync(options, sliced, kernel, workload, LabMode.Native, own, ct, again: true);
        report.Print();
        if (options.Json is { } path)
            JsonFile.Write(path, report.Json());
        return report.Exit;
    }

    private static int Refused(RunOptions options, Sliced sliced)
    {
        if (options.Json is { } path)
            JsonFile.Write(path, AnalysisReport.Json(sliced, ExitCodes.Refused));
        return ExitCodes.Refused;
    }

    /// <summary>The kernel has no module of a driver that stands in the user's own folder: it is built as it is.</summary>
    private static async Task<ImmutableArray<string>> OwnModulesAsync(RunOptions options, ImmutableArray<Sliced> all, LabKernel kernel, CancellationToken ct)
    {
        var built = ImmutableArray<string>.Empty;
        foreach (var (driver, sliced) in options.Drivers.Zip(all))
        {
            if (!Directory.Exists(driver) || Path.GetFullPath(driver).TrimEnd('/') != sliced.Model.SourceDirectory.TrimEnd('/'))
                continue;
            var scratch = Path.Combine(Slicer.Root, "build", "native", $"{sliced.Model.Driver}-{kernel.Release}");
            built = built.Add(await NativeBuild.BuildAsync(sliced.Model.SourceDirectory, sliced.Model.Driver, scratch, kernel, Render.Progress, ct));
        }

        return built;
    }

    private static Task<LabResult> BootAsync(
        RunOptions options, Sliced sliced, LabKernel kernel, string workload, LabMode mode, ImmutableArray<string> files, CancellationToken ct, bool again = false)
    {
        var name = again ? "native-again" : mode == LabMode.Native ? "native" : "micro";
        if (again)
            Render.Progress("the two do not say the same: does the native driver, twice?");
        var evidence = Path.Combine(
            Slicer.Root, "build", "evidence", $"{sliced.Model.Driver}-{Path.GetFileNameWithoutExtension(workload)}-{kernel.Release}-{name}{options.Suffix}");
        Directory.CreateDirectory(evidence);
        var request = new LabRequest(
            kernel, sliced.Model.Driver, options.Device, workload, mode, files, options.Seconds, options.QemuArgs, evidence,
            Limit: options.Boots * (TimeSpan.FromMinutes(kernel.Checking ? 40 : 15) + TimeSpan.FromSeconds(10 * options.Seconds)
                + TimeSpan.FromSeconds(options.Pairs * (20 + (8 * options.Seconds)))))
        { Seed = options.Seed, Pairs = options.Pairs, Boots = options.Boots };
        return Lab.Lab.RunAsync(request, line => Render.Progress($"{name}: {line}"), ct);
    }
}
