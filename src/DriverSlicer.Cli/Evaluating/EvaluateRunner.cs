// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Cli.Output;
using DriverSlicer.Cli.Tabling;
using DriverSlicer.Lab;

namespace DriverSlicer.Cli.Evaluating;

/// <summary>
/// The measurements of lab/evaluate.json, those that are not recorded for this state of the checkout. What a step wrote can go into a
/// driver's report: <c>report DRIVER --measurements build/evaluate/STATE/NAME.run.json</c>.
/// </summary>
public static class EvaluateRunner
{
    public static async Task<int> RunAsync(ImmutableArray<string> drivers, bool recordedOnly, string? json, CancellationToken ct)
    {
        var plan = EvaluatePlan.Load(LabFolder.Find()).Only(drivers);
        var records = new StepRecords(Path.Combine(Slicer.Root, "build", "evaluate", StepRecords.State(Slicer.Root)));
        Directory.CreateDirectory(records.Folder);
        if (!recordedOnly)
            await StepRunner.FillAsync(plan.Steps, records, (step, log, stop) => StepRunner.RunAsync(step, log, stop), ct);

        var report = new EvaluateReport(plan, records.Find);
        foreach (var (step, record) in report.Measured.Where(m => m.Record["result"] is not null))
            JsonFile.Write(Path.Combine(records.Folder, step.Name + ".run.json"), ((System.Text.Json.Nodes.JsonObject)record["result"]!).ToDictionary(p => p.Key, p => (object?)p.Value));
        report.Print();
        if (json is not null)
            JsonFile.Write(json, report.Json(await LoggedCommand.CommitAsync(Slicer.Root, ct)));
        Render.Line($"logs, and files for 'report --measurements': {Path.GetRelativePath(Slicer.Root, records.Folder)}");
        var missing = report.Missing.ToArray();
        if (missing.Length > 0)
            Render.Line($"not recorded: {string.Join(", ", missing.Select(s => s.Name))}");
        return report.Exit == ExitCodes.Fine && missing.Length > 0 && !recordedOnly ? ExitCodes.Lab : report.Exit;
    }
}
