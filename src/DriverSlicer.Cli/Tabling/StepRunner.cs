// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;
using DriverSlicer.Cli.Output;
using DriverSlicer.Lab;

namespace DriverSlicer.Cli.Tabling;

/// <summary>Runs the steps that are not recorded yet, one at a time, as they measure; each in a process of its own.</summary>
public static class StepRunner
{
    /// <param name="run">Runs one step: its exit code, and the JSON that it wrote.</param>
    public static async Task FillAsync<T>(
        ImmutableArray<T> steps, StepRecords records, Func<T, string, CancellationToken, Task<(int Exit, JsonNode? Result)>> run, CancellationToken ct)
        where T : IRecordedStep
    {
        var open = steps.Where(s => records.Find(s) is null).ToArray();
        foreach (var (step, index) in open.Select((s, i) => (s, i)))
        {
            Render.Progress($"{index + 1} of {open.Length}: driverslicer {string.Join(' ', step.Arguments)}");
            var clock = Stopwatch.StartNew();
            var (exit, result) = await run(step, records.LogOf(step), ct);
            if (StepRecords.Tells(exit))
                records.Keep(step, exit, clock.Elapsed.TotalSeconds, result);
            else
                Render.Progress($"  not recorded: exit code {exit}, see {records.LogOf(step)}");
        }
    }

    /// <returns>The exit code of driverslicer, and the JSON that it wrote.</returns>
    public static async Task<(int Exit, JsonNode? Result)> RunAsync(IRecordedStep step, string log, CancellationToken ct)
    {
        var json = log + ".new";
        File.Delete(json);
        var exit = await LoggedCommand.RunAsync(Path.Combine(Slicer.Root, "driverslicer"), [.. step.Arguments, "--json", json], log, ct);
        if (!File.Exists(json))
            return (exit, null);
        var result = JsonNode.Parse(await File.ReadAllTextAsync(json, ct));
        File.Delete(json);
        return (exit, result);
    }
}
