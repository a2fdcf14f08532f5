// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace DriverSlicer.Lab;

/// <summary>
/// What the runtime says when the checking build of a user half stops (kernel/md_shadow.c):
/// <code>
///   microdriver: NAME: poison: read of struct T+0x2c (4 bytes) in ENTRY at 0x1234 0x2345
/// </code>
/// </summary>
/// <param name="Of">Spelling of the record, or the name of a global of the driver.</param>
/// <param name="Offset">Of the first byte that no plan brought (or returns), in it.</param>
/// <param name="Reached">The plan's last walk came by the object: then it is the field that the plan lacks, else the way to it.</param>
/// <param name="Places">Return addresses in NAME.so, innermost first.</param>
public sealed partial record PoisonLine(
    bool Write, bool Global, string Of, long Offset, long Bytes, bool Reached, string Entry, ImmutableArray<ulong> Places)
{
    /// <summary>In the order of the console, each once.</summary>
    public static ImmutableArray<PoisonLine> Find(IEnumerable<string> consoleLines) =>
        [.. consoleLines.Select(ConsoleLine.Text).Distinct(StringComparer.Ordinal).Select(Parse).OfType<PoisonLine>()];

    public static PoisonLine? Parse(string line)
    {
        if (Pattern().Match(line) is not { Success: true } m)
            return null;
        return new PoisonLine(
            m.Groups["what"].Value == "write", m.Groups["global"].Success, m.Groups["of"].Value, Hex(m.Groups["offset"].Value)!.Value,
            long.Parse(m.Groups["bytes"].Value, CultureInfo.InvariantCulture), !m.Groups["lost"].Success, m.Groups["entry"].Value,
            [.. m.Groups["places"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => (ulong)Hex(p[2..])!.Value)]);
    }

    private static long? Hex(string digits) => long.TryParse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value) ? value : null;

    [GeneratedRegex("""^microdriver: \S+: poison: (?<what>read|write) of (?<global>global )?(?<of>.+)\+0x(?<offset>[0-9a-f]+) \((?<bytes>\d+) bytes(?<lost>, not reached)?\) in (?<entry>\S+) at(?<places>( 0x[0-9a-f]+)*)$""")]
    private static partial Regex Pattern();
}
