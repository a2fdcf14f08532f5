// SPDX-License-Identifier: GPL-2.0-only
using System.Text.Json.Nodes;

namespace DriverSlicer.Cli.Tabling;

/// <summary>What one call of an entry point moves, both ways together: ours, the paper's merged sets, a deep copy.</summary>
public sealed record TableCosts(double Fields, double MergedFields, double DeepFields, double Bytes, double MergedBytes, double DeepBytes)
{
    /// <param name="crossings">of <c>analyze --json</c></param>
    /// <returns>The mean of the entry points; null if there are none.</returns>
    public static TableCosts? Of(JsonObject[] crossings)
    {
        var calls = crossings.Where(c => (string?)c["kind"] == "upcall").ToArray();
        return calls.Length == 0 ? null : new TableCosts(
            Mean("fields_in") + Mean("fields_out"), Mean("merged_fields"), Mean("deep_fields"),
            Mean("bytes_in") + Mean("bytes_out"), Mean("merged_bytes"), Mean("deep_bytes"));

        double Mean(string key) => calls.Average(c => (double)c[key]!);
    }

    public Dictionary<string, object?> Json() => new()
    {
        ["fields"] = Math.Round(Fields, 1),
        ["merged_fields"] = Math.Round(MergedFields, 1),
        ["deep_fields"] = Math.Round(DeepFields, 1),
        ["bytes"] = Math.Round(Bytes, 1),
        ["merged_bytes"] = Math.Round(MergedBytes, 1),
        ["deep_bytes"] = Math.Round(DeepBytes, 1),
    };
}
