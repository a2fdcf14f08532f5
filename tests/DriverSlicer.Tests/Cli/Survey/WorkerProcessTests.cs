// SPDX-License-Identifier: GPL-2.0-only
using System.Diagnostics;
using System.Text.Json;
using DriverSlicer.Clang;
using DriverSlicer.Cli.Survey;

namespace DriverSlicer.Tests.Cli.Survey;

/// <summary>The parent's side of a worker, with shell scripts in the worker's place.</summary>
public class WorkerProcessTests
{
    private static readonly KernelTree Tree = new("6.1", "/build", "/source");

    private static readonly ModuleSource Module = new(
        "drivers/toy/toy", [new ModuleFile("good.c", []), new ModuleFile("bad.c", []), new ModuleFile("../shared.c", [])], null);

    private static async Task<(ModuleResult Result, bool Lasting)> Ask(string script, TimeSpan? patience = null)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var worker = new WorkerProcess(start, Tree, patience ?? TimeSpan.FromMinutes(1));
        return await worker.SurveyAsync(Module, [], "", TestContext.Current.CancellationToken);
    }

    private static string Done(ModuleResult result) => $"echo 'done {JsonSerializer.Serialize(result)}'";

    [Fact]
    public async Task A_file_on_which_the_reader_dies_is_left_out_and_named()
    {
        // Dies as long as the job does not say that bad.c is to be left out.
        var (result, lasting) = await Ask($$"""
            while read -r job; do
                case $job in *'"Skipped":[]'*) echo 'file drivers/toy/good.c'; echo 'file drivers/toy/bad.c'; kill -SEGV $$ ;; esac
                case $job in *'"Skipped":[{"File":"drivers/toy/bad.c"'*'signal 11'*) {{Done(new ModuleResult(Module.Path, 3) { All = new Amount(5, 50) })}} ;; esac
            done
            """);
        Assert.True(lasting);
        Assert.Equal(new Amount(5, 50), result.All);
    }

    [Fact]
    public async Task A_module_whose_analysis_dies_is_lost_with_every_file_named()
    {
        var (result, lasting) = await Ask("read -r job; echo 'file drivers/toy/good.c'; echo 'file '; exit 3");
        Assert.False(lasting);
        Assert.Equal(["drivers/toy/good.c", "drivers/toy/bad.c", "drivers/shared.c"], result.Failed.Select(f => f.File));
        Assert.All(result.Failed, f => Assert.Equal("the worker died with exit code 3", f.Reason));
    }

    [Fact]
    public async Task A_module_that_takes_too_long_is_given_up()
    {
        var (result, lasting) = await Ask("read -r job; exec sleep 60", TimeSpan.FromSeconds(1));
        Assert.False(lasting);
        Assert.Equal(3, result.Failed.Length);
        Assert.Contains("given up", result.Failed[0].Reason);
    }

    [Fact]
    public async Task Many_files_take_their_time()
    {
        var (result, lasting) = await Ask($"read -r job; for i in 1 2 3 4 5; do echo \"file $i.c\"; sleep 1; done; {Done(new ModuleResult(Module.Path, 5))}", TimeSpan.FromSeconds(3));
        Assert.True(lasting);
        Assert.Equal(5, result.Files);
    }

    [Fact]
    public async Task A_reason_that_the_worker_gives_is_kept()
    {
        var (result, _) = await Ask("read -r job; echo 'failed no such thing'");
        Assert.All(result.Failed, f => Assert.Equal("no such thing", f.Reason));
    }
}
