// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Output;

/// <summary>
/// Writes a slice's files all or none: into a sibling folder first, which then takes the place of the target by renaming.
/// A lock file beside the target keeps two runs apart; a folder that is not a slice is never replaced.
/// </summary>
public sealed class OutputFolder : IDisposable
{
    private const string Marker = ".driverslicer";

    private readonly string target;
    private readonly string staging;
    private readonly FileStream busy;

    private OutputFolder(string target, FileStream busy)
    {
        this.target = target;
        this.busy = busy;
        staging = $"{target}.new-{Environment.ProcessId}";
    }

    /// <summary>Claims <paramref name="path"/> before any work is done, so that a bad target is reported at once.</summary>
    public static OutputFolder Claim(string path)
    {
        var target = Path.GetFullPath(path).TrimEnd('/');
        if (File.Exists(target))
            throw Trouble("DS0701", $"{target} is a file", "choose a folder with -o DIR");
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any() && !File.Exists(Path.Combine(target, Marker)))
            throw Trouble("DS0702", $"{target} holds files that no slice wrote", "choose an empty or new folder with -o DIR");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var busy = new FileStream(
                target + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            return new OutputFolder(target, busy);
        }
        catch (IOException)
        {
            throw Trouble("DS0703", $"{target} is busy (another run holds {Path.GetFileName(target)}.lock) or cannot be written", "wait for the other run, or choose another folder with -o DIR");
        }
        catch (UnauthorizedAccessException e)
        {
            throw Trouble("DS0703", $"{target} cannot be written: {e.Message}", "choose a folder that you may write with -o DIR");
        }
    }

    public void Write(IEnumerable<(string Path, string Text)> files)
    {
        try
        {
            foreach (var (path, text) in files.Append((Marker, "A slice: driverslicer may replace this folder.\n")))
            {
                var full = Path.Combine(staging, path);
                Directory.CreateDirectory(Path.GetDirectoryName(full)!);
                using var file = new FileStream(full, FileMode.Create);
                file.Write(System.Text.Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: false);
            }

            Replace();
        }
        catch (IOException e)
        {
            throw Trouble("DS0704", $"{target} was not written: {e.Message}", "free some space or choose another folder with -o DIR; nothing was changed");
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(staging))
            Directory.Delete(staging, recursive: true);
        busy.Dispose();
    }

    private void Replace()
    {
        var old = $"{target}.old-{Environment.ProcessId}";
        if (Directory.Exists(target))
            Directory.Move(target, old);
        Directory.Move(staging, target);
        if (Directory.Exists(old))
            Directory.Delete(old, recursive: true);
    }

    private static DiagnosticException Trouble(string id, string message, string next) =>
        new(new Diagnostic(id, Severity.Error, Location.None, message, next), exitCode: 2);
}
