// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Specs;

/// <summary>What can be wrong with specs/*.toml, one diagnostic each. All name file, line and key.</summary>
internal static class SpecTrouble
{
    public static DiagnosticException Unreadable(string file, string why) =>
        Error("DS0301", new Location(file, 0, 0), $"cannot read the specification: {why}", "restore the file from the repository, or pass the right directory");

    public static DiagnosticException Syntax(Location at, string what) =>
        Error("DS0302", at, $"not valid TOML: {what}", "correct the line; https://toml.io/en/v1.0.0 has the grammar");

    public static DiagnosticException UnknownKey(Location at, string key, IEnumerable<string> known) =>
        Error("DS0303", at, $"unknown key '{key}'", $"use one of: {string.Join(", ", known)}");

    public static DiagnosticException WrongType(Location at, string key, string expected, string found) =>
        Error("DS0304", at, $"'{key}' must be {expected}, not {found}", $"write {key} as {expected}");

    public static DiagnosticException BadValue(Location at, string key, string value, IEnumerable<string> allowed) =>
        Error("DS0305", at, $"'{value}' is not a value of '{key}'", $"use one of: {string.Join(", ", allowed)}");

    public static DiagnosticException Duplicate(Location at, string entry, Location first) =>
        Error("DS0306", at, $"second entry for '{entry}'; the first is at {first}", "merge the two entries");

    public static DiagnosticException Missing(Location at, string key, string entry) =>
        Error("DS0307", at, $"{entry} has no '{key}'", $"add {key} = ...; docs/reference/specs.md says what it means");

    public static DiagnosticException Malformed(Location at, string key, string why) =>
        Error("DS0308", at, $"'{key}' {why}", "docs/reference/specs.md shows the form");

    private static DiagnosticException Error(string id, Location at, string message, string next) =>
        new(new Diagnostic(id, Severity.Error, at, message, next), exitCode: 2);
}
