// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Cli.Survey;

/// <param name="File">In the kernel tree.</param>
public sealed record FailedFile(string File, string Reason);
