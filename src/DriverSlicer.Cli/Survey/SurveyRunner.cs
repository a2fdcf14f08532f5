// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Diagnostics;
using DriverSlicer.Cli.Output;
using DriverSlicer.Clang;

namespace DriverSlicer.Cli.Survey;

/// <summary>
/// All drivers of a kernel, or a part of them:
///
///   1. Harvest  how the kernel build compiles each file, by one dry run
///   2. Recall   modules that were surveyed before, unchanged
///   3. Survey   the rest, each in one of the workers; a result is kept as soon as it is there, so an interrupted survey goes on
///   4. Report   sums by class
/// </summary>
public static class SurveyRunner
{
    public static async Task<int> RunAsync(SurveyOptions options, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var tree = Slicer.Tree(options.Kernel).WithSource();
        var all = TreeBuild.Modules(tree, options.Subtree, Render.Progress);
        var modules = options.Shard.Of(Sampling.Draw(all, m => m.Path, options.Sample, options.Seed));
        var cache = new FactCache(Cache.Directory("survey"), SurveyStamp.Of(tree, Path.Combine(Slicer.Root, "specs"), options.Exact));

        var known = modules.AsParallel().Select(m => (Module: m, Result: cache.Find(m, tree.SourceDirectory!))).ToArray();
        var open = known.Where(k => k.Result is null).Select(k => k.Module).ToImmutableArray();
        Render.Progress($"{modules.Length} modules, {modules.Sum(m => m.Files.Length)} files; {modules.Length - open.Length} modules are known from before");
        var pool = new WorkerPool(options, tree);
        var found = await pool.SurveyAsync(open, (module, result) => cache.Store(module, tree.SourceDirectory!, result), ct);

        var results = known.Select(k => k.Result).OfType<ModuleResult>().Concat(found);
        var report = SurveyReport.Merge(tree.Release, [.. results.Select(r => SurveyReport.Of(r, tree.Release))]) with
        {
            Seconds = Math.Round(clock.Elapsed.TotalSeconds, 1),
            PeakRssMb = pool.PeakMegabytes,
            Cached = modules.Length - open.Length,
            SampleOf = options.Sample > 0 ? all.Length : 0,
        };
        SurveyTables.Print(report);
        if (options.Json is { } path)
            SurveyFile.Write(path, report);
        return ExitCodes.Fine;
    }
}
