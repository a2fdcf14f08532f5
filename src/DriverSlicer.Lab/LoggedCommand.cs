// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Lab;

/// <summary>A program whose failure is a result, and whose output goes to a file.</summary>
public static class LoggedCommand
{
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(string program, ImmutableArray<string> arguments, string log, CancellationToken ct)
    {
        await using var file = new StreamWriter(log) { AutoFlush = true };
        using var child = Subprocess.Start(program, arguments, redirectInput: true);
        await using var stop = ct.Register(() => Subprocess.Kill(child));
        child.StandardInput.Close();
        var gate = new Lock();
        await Task.WhenAll(CopyAsync(child.StandardOutput), CopyAsync(child.StandardError));
        await child.WaitForExitAsync(CancellationToken.None);
        ct.ThrowIfCancellationRequested();
        return child.ExitCode;

        async Task CopyAsync(StreamReader from)
        {
            while (await from.ReadLineAsync(CancellationToken.None) is { } line)
            {
                lock (gate)
                    file.WriteLine(line);
            }
        }
    }

    /// <summary>The commit that a checkout is at; null where there is no repository.</summary>
    public static async Task<string?> CommitAsync(string root, CancellationToken ct)
    {
        try
        {
            return (await Subprocess.RunAsync("git", ["-C", root, "rev-parse", "HEAD"], ct)).Trim();
        }
        catch (LabException)
        {
            return null;
        }
    }
}
