// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DriverSlicer.Cli.Tabling;

/// <summary>Lines of the kernel half that stay for the same reason, function names aside.</summary>
public sealed partial record Kept(string Reason, int Lines, ImmutableArray<string> Functions)
{
    /// <param name="functions">of <c>analyze --json</c></param>
    /// <returns>The most lines first.</returns>
    public static ImmutableArray<Kept> Of(IEnumerable<JsonObject> functions) =>
    [
        .. functions.Where(f => (string?)f["half"] == "kernel" && (int)f["lines"]! > 0).GroupBy(f => Cause((string)f["reason"]!), StringComparer.Ordinal)
            .Select(g => new Kept(g.Key, g.Sum(f => (int)f["lines"]!), [.. g.OrderByDescending(f => (int)f["lines"]!).Select(f => (string)f["name"]!)]))
            .OrderByDescending(k => k.Lines).ThenBy(k => k.Reason, StringComparer.Ordinal),
    ];

    /// <summary>What an entry point brings along stays for the entry point's place; what takes a lock stays for the lock.</summary>
    private static string Cause(string reason) =>
        Hot().IsMatch(reason) ? "on the hot path, or reached from there"
        : Place().Match(reason) is { Success: true } place ? place.Value
        : Lock().Match(reason) is { Success: true } taken ? taken.Groups[1].Value
        : NoRule().Match(reason) is { Success: true } unknown ? $"a place without a rule: {unknown.Groups[1].Value}"
        : reason;

    [GeneratedRegex("on the hot path")]
    private static partial Regex Hot();

    [GeneratedRegex(@"runs in [a-z, ]*(atomic|softirq|hardirq)[a-z, ]* context as (?:struct )?[\w.#]+")]
    private static partial Regex Place();

    [GeneratedRegex("^(?:takes(?: or gives back)?|called with|region of \\S+ that holds) (.+?)(?:: | held by | through |, outlined: )")]
    private static partial Regex Lock();

    [GeneratedRegex("(?:entered from a place without a rule: |is entered from )(.+?)(?:; |, a place without a rule)")]
    private static partial Regex NoRule();
}
