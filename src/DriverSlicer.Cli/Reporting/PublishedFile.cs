// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.Json;
using DriverSlicer.Report;

namespace DriverSlicer.Cli.Reporting;

/// <summary>lab/published.json: figures of other systems, each with its source.</summary>
public static class PublishedFile
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    public static ImmutableArray<Published> Read(string path) => [.. JsonSerializer.Deserialize<Published[]>(File.ReadAllText(path), Options) ?? []];
}
