// SPDX-License-Identifier: GPL-2.0-only
using System.ComponentModel;
using System.Diagnostics;

namespace DriverSlicer.Clang;

internal sealed record CommandResult(int ExitCode, string Output, string Error);

internal static class Command
{
    public static CommandResult Run(string program, IEnumerable<string> arguments) =>
        Run(program, arguments, process => process.StandardOutput.ReadToEnd());

    /// <summary>Hands over each line as it comes, for output that is too large to keep. Returns what the program said on standard error.</summary>
    public static string Stream(string program, IEnumerable<string> arguments, Action<string> line) => Run(program, arguments, process =>
    {
        while (process.StandardOutput.ReadLine() is { } next)
            line(next);
        return "";
    }).Error;

    private static CommandResult Run(string program, IEnumerable<string> arguments, Func<Process, string> read)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // A make that started us must not hand its job server or flags down to ours.
        foreach (var name in (string[])["MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"])
            start.Environment.Remove(name);
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = read(process);
            process.WaitForExit();
            return new CommandResult(process.ExitCode, output, error.Result);
        }
        catch (Win32Exception)
        {
            throw Troubles.NoTool(program);
        }
    }
}
