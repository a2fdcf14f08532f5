// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using DriverSlicer.Clang;

namespace DriverSlicer.Cli.Survey;

/// <summary>
/// The parent's side of one <see cref="Worker"/>. A worker that dies or takes too long is replaced; the file that it was reading is left out
/// when the module is tried again.
/// </summary>
public sealed class WorkerProcess(ProcessStartInfo start, KernelTree tree, TimeSpan patience) : IDisposable
{
    private const int Attempts = 3;

    /// <summary>A worker that has grown beyond it is replaced by a fresh one.</summary>
    private const long Grown = 600L << 20;

    private Process? child;

    public long Resident
    {
        get
        {
            try
            {
                child?.Refresh();
                return child?.WorkingSet64 ?? 0;
            }
            catch (InvalidOperationException)
            {
                // It has ended meanwhile.
                return 0;
            }
        }
    }

    /// <param name="headers">To be precompiled in <paramref name="scratch"/>, or none.</param>
    /// <returns>The result, and whether asking again would give the same.</returns>
    public async Task<(ModuleResult Result, bool Lasting)> SurveyAsync(ModuleSource module, ImmutableArray<string> headers, string scratch, CancellationToken ct)
    {
        var skipped = ImmutableArray<FailedFile>.Empty;
        for (var attempt = 1; ; attempt++)
        {
            var (result, file, reason) = await AskAsync(new Job(tree.Release, tree.BuildDirectory, tree.SourceDirectory!, module, skipped) { Headers = headers, Scratch = scratch }, ct);
            if (Resident > Grown)
                End();
            if (result is not null)
                return (result, true);
            if (file.Length == 0 || attempt == Attempts)
                return (Lost(module, reason), false);
            skipped = skipped.Add(new FailedFile(file, reason));
        }
    }

    /// <summary>A module of which nothing is known.</summary>
    public static ModuleResult Lost(ModuleSource module, string reason) => new(module.Path, module.Files.Length)
    {
        Failed = [.. module.Files.Select(f => new FailedFile(Path.GetRelativePath("/", Path.GetFullPath(f.Path, "/" + module.Folder)), reason))],
    };

    private async Task<(ModuleResult? Result, string File, string Reason)> AskAsync(Job job, CancellationToken ct)
    {
        var serving = child ??= Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        var file = "";
        try
        {
            await serving.StandardInput.WriteLineAsync(JsonSerializer.Serialize(job).AsMemory(), limit.Token);
            await serving.StandardInput.FlushAsync(limit.Token);
            while (await serving.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                limit.CancelAfter(patience);
                if (line.StartsWith("file ", StringComparison.Ordinal))
                    file = line["file ".Length..];
                else if (line.StartsWith("done ", StringComparison.Ordinal))
                    return (JsonSerializer.Deserialize<ModuleResult>(line["done ".Length..]), "", "");
                else if (line.StartsWith("failed ", StringComparison.Ordinal))
                    return (null, "", line["failed ".Length..]);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            End();
            return (null, file, $"given up after {patience.TotalMinutes:0} minutes of {(file.Length > 0 ? "reading" : "analysis")}");
        }
        catch (IOException)
        {
            // The pipe broke: it died.
        }

        await serving.WaitForExitAsync(ct);
        var code = serving.ExitCode;
        End();
        return (null, file, code > 128 ? $"the worker died of signal {code - 128}" : $"the worker died with exit code {code}");
    }

    private void End()
    {
        if (child is { HasExited: false })
            child.Kill(entireProcessTree: true);
        child?.Dispose();
        child = null;
    }

    public void Dispose() => End();
}
