// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
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
        var state = StepRecords.State(Slicer.Root);
        var records = new StepRecords(Path.Combine(Slicer.Root, "build", "table", state));
        Directory.CreateDirectory(records.Folder);

        var steps = plan.Steps(kernels).Where(s => options.Kinds.Contains(s.Kind)).ToImmutableArray();
        if (!options.RecordedOnly)
            await StepRunner.FillAsync(steps, records, (step, log, stop) => StepRunner.RunAsync(step, log, stop), ct);

        var report = TableReport.Of(plan, kernels, records.Find);
        report.Print();
        if (options.Json is { } path)
            JsonFile.Write(path, report.Json(await LoggedCommand.CommitAsync(Slicer.Root, ct)));
        Render.Line($"logs: {Path.GetRelativePath(Slicer.Root, records.Folder)}");
        var absent = options.Kernels.IsEmpty ? plan.Kernels.Where(series => kernels.All(k => k.Series != series)) : [];
        var missing = steps.Where(s => records.Find(s) is null).Select(s => s.Name).Concat(absent.Select(series => $"all of {series}")).ToArray();
        if (missing.Length > 0)
            Render.Line($"not recorded: {missing.Length} of {steps.Length + absent.Count()}: {string.Join(", ", missing.Take(6))}{(missing.Length > 6 ? ", ..." : "")}");
        return report.Exit == ExitCodes.Fine && missing.Length > 0 && !options.RecordedOnly ? ExitCodes.Lab : report.Exit;
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
