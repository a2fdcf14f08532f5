// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DriverSlicer.Analysis;

namespace DriverSlicer.Cli.Tabling;

/// <summary>Lines of the kernel half that stay for the same reason, function names aside.</summary>
public sealed record Kept(string Reason, int Lines, ImmutableArray<string> Functions)
{
    /// <param name="functions">of <c>analyze --json</c></param>
    /// <returns>The most lines first.</returns>
    public static ImmutableArray<Kept> Of(IEnumerable<JsonObject> functions) =>
    [
        .. functions.Where(f => (string?)f["half"] == "kernel" && (int)f["lines"]! > 0).GroupBy(f => Explain.Cause((string)f["reason"]!), StringComparer.Ordinal)
            .Select(g => new Kept(g.Key, g.Sum(f => (int)f["lines"]!), [.. g.OrderByDescending(f => (int)f["lines"]!).Select(f => (string)f["name"]!)]))
            .OrderByDescending(k => k.Lines).ThenBy(k => k.Reason, StringComparer.Ordinal),
    ];
}
