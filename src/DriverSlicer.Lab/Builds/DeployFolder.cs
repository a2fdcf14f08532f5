// SPDX-License-Identifier: GPL-2.0-only
using System.Diagnostics;
using DriverSlicer.Model;

namespace DriverSlicer.Lab.Builds;

/// <summary>All that a machine with the same kernel needs to run a microdriver: two modules, a host, one shared object, and the tool that installs them.</summary>
public static class DeployFolder
{
    internal static string Tool(string root) => Path.Combine(root, "deploy", "microdriver");

    /// <summary>Runs the tool on the caller's terminal; its exit code.</summary>
    public static async Task<int> RunToolAsync(string root, string[] words, CancellationToken ct)
    {
        using var tool = Process.Start("sh", [Tool(root), .. words]);
        await tool.WaitForExitAsync(ct);
        return tool.ExitCode;
    }

    /// <summary>Writes SLICE/deploy; returns its path.</summary>
    public static string Write(string root, string slice, RuntimeFiles runtime, SliceFiles halves)
    {
        var folder = Path.Combine(slice, "deploy");
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var file in new[] { runtime.Module, runtime.Host, halves.Module, halves.Shared, Tool(root) })
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }
        catch (IOException e)
        {
            throw new DiagnosticException(
                new Diagnostic("DS0704", Severity.Error, Location.None, $"{folder} was not written: {e.Message}", "free some space or choose another folder with -o DIR"), exitCode: 2);
        }

        return folder;
    }
}
