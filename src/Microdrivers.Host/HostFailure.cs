// SPDX-License-Identifier: GPL-2.0-only
namespace Microdrivers.Host;

/// <summary>Exit codes shared with the command line (docs/reference).</summary>
internal static class ExitCode
{
    internal const int Fine = 0;
    internal const int Failed = 1;
    internal const int WrongUse = 2;
}

/// <summary>Why the host cannot go on, and what the reader can do about it.</summary>
internal sealed class HostFailure(string what, string next, int exitCode = ExitCode.Failed)
    : Exception($"{what}. Next: {next}.")
{
    internal int ExitCode { get; } = exitCode;
}
