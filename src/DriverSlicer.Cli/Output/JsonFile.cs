// SPDX-License-Identifier: GPL-2.0-only
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Output;

/// <summary>Writes result files: indented, in the order the caller gave, whole or not at all. A null value is left out: absent means not measured.</summary>
public static class JsonFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(string path, IReadOnlyDictionary<string, object?> content) => Write(path, Text(content));

    public static string Text(IReadOnlyDictionary<string, object?> content) =>
        JsonSerializer.Serialize(content.Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value), Options) + "\n";

    public static void Write(string path, string text)
    {
        WholeFile.Write(
            path, text,
            why => new Diagnostic("DS0705", Severity.Error, Location.None, $"{path} was not written: {why}", "name a file that can be written with --json FILE"));
    }

    public static object Diagnostics(IEnumerable<Diagnostic> diagnostics) => diagnostics.Select(d => new
    {
        id = d.Id,
        severity = d.Severity.ToString().ToLowerInvariant(),
        file = d.Location.File,
        line = d.Location.Line,
        column = d.Location.Column,
        message = d.Message,
        next = d.Next,
    }).ToArray();
}
