// SPDX-License-Identifier: GPL-2.0-only
using System.Text.Encodings.Web;
using System.Text.Json;
using DriverSlicer.Cli.Output;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Survey;

/// <summary>Reports as JSON: what a batch system's jobs leave, and <c>survey merge</c> joins.</summary>
public static class SurveyFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(string path, SurveyReport report) => JsonFile.Write(
        path, JsonSerializer.SerializeToElement(report, Options).EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value));

    public static SurveyReport Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<SurveyReport>(File.ReadAllText(path), Options) is { Schema: SurveyReport.CurrentSchema, Kernel: not null } report
                ? report : throw Trouble(path, "it is of another version");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Trouble(path, e.Message);
        }
    }

    /// <summary>Refuses parts of different kernels, and parts that overlap: their sums would be wrong.</summary>
    public static SurveyReport Merge(IReadOnlyList<string> paths)
    {
        var parts = paths.Select(Read).ToArray();
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Kernel != parts[0].Kernel)
                throw Trouble(paths[i], $"it is of kernel {parts[i].Kernel}, {paths[0]} of {parts[0].Kernel}");
            if (parts.Take(i).SelectMany(p => p.Names).Intersect(parts[i].Names).FirstOrDefault() is { } twice)
                throw Trouble(paths[i], $"{twice} is in another of the files too");
        }

        return SurveyReport.Merge(parts[0].Kernel, parts);
    }

    private static DiagnosticException Trouble(string path, string why) => new(
        new Diagnostic("DS0720", Severity.Error, new Location(path, 0, 0), $"not a survey that can be merged: {why}",
            "merge files that 'driverslicer survey --shard I/N --json FILE' wrote, each once"),
        ExitCodes.Usage);
}
