// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Output;

/// <summary>What <c>analyze</c> says of a driver, before it is laid out for a terminal of some width.</summary>
/// <param name="Functions">Rows of the table.</param>
/// <param name="Json">What --json writes.</param>
public sealed record AnalysisText(
    int Exit, ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<string[]> Functions, ImmutableArray<string[]> Locks, ImmutableArray<string> Summary, string Json);

/// <summary>Reading and writing it without reflection, which would take longer than everything else that a repeated analysis does.</summary>
[JsonSerializable(typeof(AnalysisText))]
internal sealed partial class AnalysisJson : JsonSerializerContext;
