// SPDX-License-Identifier: GPL-2.0-only
using System.Text.Json;
using DriverSlicer.Cli.Output;
using DriverSlicer.Cli.Running;
using DriverSlicer.Model;
using DriverSlicer.Report;

namespace DriverSlicer.Cli.Reporting;

/// <summary>What <c>run --json</c> wrote (<see cref="RunReport.Json"/>), read back. Read before the driver is, so that a wrong file is told at once.</summary>
public sealed class MeasurementsFile
{
    private readonly string path;
    private readonly string driver;
    private readonly Measurements content;

    private MeasurementsFile(string path, JsonElement run)
    {
        this.path = path;
        driver = run.GetProperty("driver").GetString()!;
        var (native, micro) = (Numbers(run, "native"), Numbers(run, "micro"));
        content = new Measurements(
            run.GetProperty("kernel").GetString()!,
            Path.GetFileNameWithoutExtension(run.GetProperty("workload").GetString()!),
            [
                .. MetricRows.Shown(native.Keys.Concat(micro.Keys))
                    .Select(m => new Measurement(m.Key, m.Words, Value(native, m.Key), Value(micro, m.Key))),
            ],
            [
                .. Objects(run, "ratio").Select(r => new MeasuredRatio(
                    r.Name, MetricRows.Ratio(r.Name).Trim(), Number(r.Value, "median"), Number(r.Value, "lower"), Number(r.Value, "upper"), r.Value.GetProperty("pairs").GetInt32())),
            ]);
    }

    public static MeasurementsFile? Read(string? path)
    {
        if (path is null)
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            return new MeasurementsFile(path, document.RootElement);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Trouble($"{path} is not what 'driverslicer run --json FILE' writes: {e.Message}");
        }
    }

    public Measurements Of(string wanted) =>
        wanted == driver ? content : throw Trouble($"{path} holds measurements of {driver}, not of {wanted}");

    private static Dictionary<string, double> Numbers(JsonElement run, string side) =>
        Objects(run, side).Where(p => p.Value.ValueKind == JsonValueKind.Number).ToDictionary(p => p.Name, p => p.Value.GetDouble(), StringComparer.Ordinal);

    private static IEnumerable<JsonProperty> Objects(JsonElement run, string name) =>
        run.TryGetProperty(name, out var found) ? found.EnumerateObject() : default;

    private static double? Value(Dictionary<string, double> side, string key) => side.TryGetValue(key, out var value) ? value : null;

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static DiagnosticException Trouble(string message) => new(
        new Diagnostic("DS0707", Severity.Error, Location.None, message, "make it with 'driverslicer run DRIVER --json FILE'"), ExitCodes.Usage);
}
