// SPDX-License-Identifier: GPL-2.0-only
using System.Text.RegularExpressions;

namespace DriverSlicer.Lab;

/// <summary>
/// The guest's script and the kernel share one console. The script writes through /dev/kmsg, so both arrive as whole lines in
/// the order in which they happened; the script's start with <see cref="Mark"/> and a letter:
/// <code>
///   @@B 1            init runs (the guest has booted)
///   @@S bind         a step begins
///   @@T text         transcript
///   @@M key=value    metric
///   @@D text         detail for a reader, neither compared nor judged
///   @@F index ...    a fault of a campaign, see Faults/FaultLog.cs
///   @@P ...          what a campaign may hit, see Faults/FaultProfile.cs
///   @@Q command      for QEMU's monitor; the script waits for the answer on its console (see MonitorCommand)
///   @@RC n           the script's exit code
///   @@END            everything is over, the guest powers off
/// </code>
/// </summary>
public static partial class ConsoleLine
{
    public const string Mark = "@@";

    private const string MonitorTag = Mark + "Q ";

    /// <summary>The line without the time stamp (and caller) that printk puts before it.</summary>
    public static string Text(string line) => Stamp().Replace(line.TrimEnd('\r'), "", 1);

    /// <summary>What the line asks QEMU's monitor for, or null.</summary>
    public static string? Command(string line) =>
        Text(line) is var text && text.StartsWith(MonitorTag, StringComparison.Ordinal) ? text[MonitorTag.Length..] : null;

    [GeneratedRegex(@"^\[\s*\d+\.\d+\](\[\s*[TC]\d+\])? ?")]
    private static partial Regex Stamp();
}
