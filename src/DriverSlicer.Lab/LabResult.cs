// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Lab;

/// <summary>What a run showed. A kernel that panicked or hung is a result too; only a lab that failed throws.</summary>
/// <param name="Ok">the workload's verdict is good and the kernel reported nothing</param>
/// <param name="Transcript">the script's lines and the kernel's, step by step; compare them with <see cref="TranscriptDiff"/></param>
/// <param name="Metrics">a key's suffix is its unit</param>
/// <param name="KernelReports">console lines in which the kernel complained, see <see cref="KernelReportPatterns"/></param>
public sealed record LabResult(
    bool Ok,
    ImmutableArray<string> Transcript,
    ImmutableSortedDictionary<string, double> Metrics,
    ImmutableArray<string> KernelReports,
    string Console,
    string? FailureReason);
