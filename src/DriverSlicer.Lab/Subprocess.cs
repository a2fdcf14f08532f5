// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;

namespace DriverSlicer.Lab;

/// <summary>Runs a set-up program to its end. All of these belong to the lab: a failure is a <see cref="LabException"/>.</summary>
internal static class Subprocess
{
    /// <summary>Standard output; each line of it also goes to <paramref name="onLine"/>.</summary>
    public static async Task<string> RunAsync(
        string program, ImmutableArray<string> args, CancellationToken ct, Action<string>? onLine = null)
    {
        using var process = Start(program, args, redirectInput: false);
        await using var stop = ct.Register(() => Kill(process));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = new System.Text.StringBuilder();
        while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            output.AppendLine(line);
            onLine?.Invoke(line);
        }
        await process.WaitForExitAsync(CancellationToken.None);
        ct.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
            throw new LabException($"{program} {string.Join(' ', args)}: exit code {process.ExitCode}\n{(await errors).Trim()}");
        return output.ToString();
    }

    public static Process Start(string program, ImmutableArray<string> args, bool redirectInput)
    {
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = redirectInput,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new LabException($"{program} could not be started ({e.Message}): run 'driverslicer doctor' for the package to install", e);
        }
    }

    /// <summary>Ends the process and its children, and only those.</summary>
    public static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It had ended by itself.
        }
    }
}
