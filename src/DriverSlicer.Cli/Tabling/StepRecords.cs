// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DriverSlicer.Cli.Caching;
using DriverSlicer.Cli.Output;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Tabling;

/// <summary>One command whose JSON is kept.</summary>
public interface IRecordedStep
{
    /// <summary>Of the file that it is kept in.</summary>
    string Name { get; }

    /// <summary>Of driverslicer, without --json.</summary>
    ImmutableArray<string> Arguments { get; }
}

/// <summary>
/// What was found, one file per step in a folder per state of the checkout, so that a step is repeated only after a change:
/// <c>build/WHAT/STATE/NAME.json</c>, with the command's exit code, its seconds, and its JSON.
/// </summary>
public sealed class StepRecords(string folder)
{
    public string Folder => folder;

    /// <summary>What a step found, or null if it was not run to an end.</summary>
    public JsonObject? Find(IRecordedStep step)
    {
        var file = PathOf(step);
        return File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file)) as JsonObject : null;
    }

    /// <summary>A failure of the lab, or a run that was stopped, says nothing of the driver: it is not kept, and tried again next time.</summary>
    public static bool Tells(int exit) => exit is ExitCodes.Fine or ExitCodes.Failed or ExitCodes.Refused;

    public void Keep(IRecordedStep step, int exit, double seconds, JsonNode? result)
    {
        var record = new JsonObject { ["command"] = string.Join(' ', step.Arguments), ["exit"] = exit, ["seconds"] = Math.Round(seconds, 1), ["result"] = result };
        WholeFile.Write(PathOf(step), record.ToJsonString() + "\n", why => new Diagnostic("DS0705", Severity.Error, Location.None, $"{PathOf(step)} was not written: {why}", "free some space, or make the folder writable"));
    }

    public string LogOf(IRecordedStep step) => Path.Combine(folder, step.Name + ".log");

    private string PathOf(IRecordedStep step) => Path.Combine(folder, step.Name + ".json");

    /// <summary>A hash of all that decides a result: the same for commits that differ in documents and tests only.</summary>
    public static string State(string root)
    {
        var files = Parts.Select(p => Path.Combine(root, p)).Where(Directory.Exists).SelectMany(Files).Concat(Directory.EnumerateFiles(root, "Directory.*.props"));
        return Digest.OfText(string.Join('\n', files.Order(StringComparer.Ordinal).Select(f => $"{Path.GetRelativePath(root, f)} {Digest.OfFile(f)}")))[..12];
    }

    private static readonly string[] Parts = ["src", "kernel", "user", "specs", "lab"];

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder).Where(d => Path.GetFileName(d) is not ("obj" or "bin" or "node_modules")).SelectMany(Files));
}
