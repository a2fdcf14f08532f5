// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Output;

/// <summary>A result file appears whole or not at all: written beside its place first, then renamed.</summary>
public static class WholeFile
{
    /// <param name="trouble">The diagnostic for a file that cannot be written, from the system's words.</param>
    public static void Write(string path, string text, Func<string, Diagnostic> trouble)
    {
        var scratch = $"{path}.new-{Environment.ProcessId}";
        try
        {
            File.WriteAllText(scratch, text);
            File.Move(scratch, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(scratch))
                File.Delete(scratch);
            throw new DiagnosticException(trouble(e.Message), ExitCodes.Usage);
        }
    }
}
