// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using DriverSlicer.Cli.Output;
using DriverSlicer.Clang;
using DriverSlicer.Lab;

namespace DriverSlicer.Cli.Survey;

/// <summary>Shares modules out over worker processes and watches what memory all of it takes.</summary>
public sealed class WorkerPool(SurveyOptions options, KernelTree tree)
{
    /// <summary>The most that this process and the workers together had resident at once.</summary>
    public long PeakMegabytes { get; private set; } = Environment.WorkingSet >> 20;

    /// <param name="keep">Told each result that will be the same next time, as soon as it is there.</param>
    public async Task<ImmutableArray<ModuleResult>> SurveyAsync(
        ImmutableArray<ModuleSource> modules, Action<ModuleSource, ModuleResult> keep, CancellationToken ct)
    {
        // The largest first: what is left at the end is short, so the workers end together.
        var queue = new ConcurrentQueue<ModuleSource>(modules.OrderByDescending(m => m.Files.Length).ThenBy(m => m.Path, StringComparer.Ordinal));
        var results = new ConcurrentBag<ModuleResult>();
        // Debris of a survey that was killed goes with the machine's temporary files.
        using var scratch = new Scratch();
        var headers = options.Exact ? ImmutableDictionary<string, ImmutableArray<string>>.Empty : HeaderChoice.Of(modules, tree.SourceDirectory!);
        var progress = new SurveyProgress(modules.Sum(m => m.Files.Length), TimeSpan.FromSeconds(10), Render.Progress);
        var workers = Enumerable.Range(0, Math.Min(options.Workers, modules.Length)).Select(_ => new WorkerProcess(Start(), tree, options.Patience)).ToArray();
        try
        {
            using var done = new CancellationTokenSource();
            var watch = WatchAsync(workers, done.Token);
            await Task.WhenAll(workers.Select(WorkAsync));
            await done.CancelAsync();
            await watch;
            return [.. results];
        }
        finally
        {
            foreach (var worker in workers)
                worker.Dispose();
        }

        async Task WorkAsync(WorkerProcess worker)
        {
            while (queue.TryDequeue(out var module))
            {
                var (result, lasting) = module.Files.IsEmpty
                    ? (new ModuleResult(module.Path, 1) { Failed = [new FailedFile(module.Path, module.Trouble ?? "it has no files")] }, false)
                    : await worker.SurveyAsync(module, headers.GetValueOrDefault(module.Path, []), scratch.Path, ct);
                results.Add(result);
                if (lasting)
                    keep(module, result);
                lock (progress)
                    progress.Done(result);
            }
        }
    }

    private async Task WatchAsync(WorkerProcess[] workers, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            PeakMegabytes = Math.Max(PeakMegabytes, (Environment.WorkingSet + workers.Sum(w => w.Resident)) >> 20);
            await Task.Delay(TimeSpan.FromMilliseconds(250), done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static ProcessStartInfo Start()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Path.Combine(AppContext.BaseDirectory, "driverslicer.dll"), "survey", "--worker"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // Two collectors with a heap per processor would cost more memory than they save time.
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_GCConserveMemory"] = "5";
        start.Environment["DOTNET_TieredPGO"] = "0";
        return start;
    }
}
