// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Model;

public enum Severity { Note, Warning, Error }

/// <summary>One message to the user. <see cref="Next"/> says what to do about it and is never empty.</summary>
/// <param name="Id">Catalogue id, DS0001 and up; docs/reference/diagnostics.md lists them all.</param>
public sealed record Diagnostic(string Id, Severity Severity, Location Location, string Message, string Next)
{
    /// <summary>As a terminal shows it: what is to be pasted into a file stands on lines of its own.</summary>
    public string NextLines => $"    next: {Next.Replace("\n", "\n          ", StringComparison.Ordinal)}";

    public override string ToString() => $"{Location}: {Severity.ToString().ToLowerInvariant()} {Id}: {Message}\n{NextLines}";
}

/// <summary>User trouble: carries what is printed and the exit code of design section 9 (2 wrong use, 3 refused).</summary>
public sealed class DiagnosticException(Diagnostic diagnostic, int exitCode = 3) : Exception(diagnostic.ToString())
{
    public Diagnostic Diagnostic { get; } = diagnostic;

    public int ExitCode { get; } = exitCode;
}
