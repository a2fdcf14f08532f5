// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;
using DriverSlicer.Cli.Output;
using DriverSlicer.Lab;

namespace DriverSlicer.Cli.Tabling;

/// <summary>
/// Runs what is not recorded yet, each step in a process of its own (so that seconds and memory are its own), and prints the table:
///   1. Plan      lab/table.json, the kernels that are installed
///   2. Records   of this state of the checkout
///   3. Steps     those without a record; one at a time, as they measure
///   4. Report    the table, its JSON, the exit code
/// </summary>
public static class TableRunner
{
    public static async Task<int> RunAsync(TableOptions options, CancellationToken ct)
    {
        var plan = Chosen(TablePlan.Load(LabFolder.Find()), options.Drivers);
        var kernels = Kernels(plan, options.Kernels);
        var state = TableRecords.State(Slicer.Root);
        var records = new TableRecords(Path.Combine(Slicer.Root, "build", "table", state));
        Directory.CreateDirectory(records.Folder);

        var steps = plan.Steps(kernels).Where(s => options.Kinds.Contains(s.Kind)).ToImmutableArray();
        if (!options.RecordedOnly)
            await FillAsync(steps, records, StepAsync, ct);

        var report = TableReport.Of(plan, kernels, records.Find);
        report.Print();
        if (options.Json is { } path)
            JsonFile.Write(path, report.Json(await LoggedCommand.CommitAsync(Slicer.Root, ct)));
        Render.Line($"logs: {Path.GetRelativePath(Slicer.Root, records.Folder)}");
        var missing = steps.Where(s => records.Find(s) is null).ToArray();
        if (missing.Length > 0)
            Render.Line($"not recorded: {string.Join(", ", missing.Select(s => s.Name))}");
        return report.Exit == ExitCodes.Fine && missing.Length > 0 && !options.RecordedOnly ? ExitCodes.Lab : report.Exit;
    }

    /// <param name="run">Runs one step: its exit code, and the JSON that it wrote.</param>
    public static async Task FillAsync(
        ImmutableArray<TableStep> steps, TableRecords records, Func<TableStep, string, CancellationToken, Task<(int Exit, JsonNode? Result)>> run, CancellationToken ct)
    {
        var open = steps.Where(s => records.Find(s) is null).ToArray();
        foreach (var (step, index) in open.Select((s, i) => (s, i)))
        {
            Render.Progress($"{index + 1} of {open.Length}: driverslicer {string.Join(' ', step.Arguments)}");
            var clock = Stopwatch.StartNew();
            var (exit, result) = await run(step, records.LogOf(step), ct);
            if (TableRecords.Tells(exit))
                records.Keep(step, exit, clock.Elapsed.TotalSeconds, result);
            else
                Render.Progress($"  not recorded: exit code {exit}, see {records.LogOf(step)}");
        }
    }

    private static async Task<(int, JsonNode?)> StepAsync(TableStep step, string log, CancellationToken ct)
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

    private static TablePlan Chosen(TablePlan plan, ImmutableArray<string> drivers)
    {
        if (drivers.IsEmpty)
            return plan;
        var names = drivers.Select(LabPlan.Canonical).ToHashSet(StringComparer.Ordinal);
        var rows = plan.Rows.Where(r => r.Modules.Any(m => names.Remove(LabPlan.Canonical(m)) || drivers.Select(LabPlan.Canonical).Contains(LabPlan.Canonical(m)))).ToImmutableArray();
        // What the lab's list does not have is a row of its own.
        return plan with { Rows = [.. rows, .. names.Order(StringComparer.Ordinal).Select(n => new TableRow([n]))] };
    }

    private static ImmutableArray<(string Series, string Release)> Kernels(TablePlan plan, ImmutableArray<string> asked)
    {
        var installed = KernelImages.Installed();
        var found = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (var series in asked.IsEmpty ? plan.Kernels : asked)
        {
            if (installed.FirstOrDefault(r => r == series || r.StartsWith(series + ".", StringComparison.Ordinal)) is { } release)
                found.Add((string.Join('.', release.Split('.').Take(2)), release));
            else if (!asked.IsEmpty)
                throw new LabUsageException($"no kernel {series} with image and headers is installed: lab/setup.sh {series}");
            else
                Render.Progress($"no kernel {series} is installed, so it is left out: lab/setup.sh {series}");
        }

        return found.ToImmutable();
    }
}
