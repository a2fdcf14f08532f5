// SPDX-License-Identifier: GPL-2.0-only
using System.Globalization;
using System.Text.RegularExpressions;

namespace DriverSlicer.Lab.Faults;

/// <summary>
/// One fault, told exactly: while the guest does Action, in call Call of Entry (from 1), at Step (user/md_faults_page.h: 0 before the first
/// instruction, 2n-1 before the nth downcall, 2n after it, End before the return), Times times in a row.
/// </summary>
/// <param name="Value">of kinds that need one: the result of a downcall that fails, a choice</param>
/// <param name="Target">a downcall, of kinds that need one; else "-"</param>
public sealed partial record FaultPoint(string Action, string Kind, string Entry, int Call, uint Step, int Times = 1, ulong Value = 0, string Target = "-")
{
    public const uint Begin = 0;
    public const uint End = uint.MaxValue;

    /// <summary>As the guest reads it (lab/guest/faultlib.sh).</summary>
    public string GuestLine => string.Create(CultureInfo.InvariantCulture, $"{Action} {Kind} {Entry} {Call} {Step} {Times} {Value} {Target}");

    /// <summary>ACTION:KIND@ENTRY#CALL.STEP, as --point takes it: <c>up:kill@card_open#1.17</c>.</summary>
    public override string ToString()
    {
        var step = Step == End ? "end" : Step.ToString(CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{Action}:{Kind}@{Entry}#{Call}.{step}")
            + (Times == 1 ? "" : $"x{Times}") + (Value == 0 ? "" : $"={Value}") + (Target == "-" ? "" : $"({Target})");
    }

    public static FaultPoint Parse(string text)
    {
        var m = Form().Match(text);
        if (!m.Success)
            throw new LabUsageException($"{text} is no point: ACTION:KIND@ENTRY#CALL.STEP, as a campaign prints them");
        string Or(string group, string otherwise) => m.Groups[group].Success ? m.Groups[group].Value : otherwise;
        return new FaultPoint(
            m.Groups["action"].Value, m.Groups["kind"].Value, m.Groups["entry"].Value, int.Parse(m.Groups["call"].Value, CultureInfo.InvariantCulture),
            m.Groups["step"].Value == "end" ? End : uint.Parse(m.Groups["step"].Value, CultureInfo.InvariantCulture),
            int.Parse(Or("times", "1"), CultureInfo.InvariantCulture), ulong.Parse(Or("value", "0"), CultureInfo.InvariantCulture), Or("target", "-"));
    }

    [GeneratedRegex(@"^(?<action>[\w-]+):(?<kind>[\w-]+)@(?<entry>\w+)#(?<call>\d+)\.(?<step>\d+|end)(x(?<times>\d+))?(=(?<value>\d+))?(\((?<target>\w+)\))?$")]
    private static partial Regex Form();
}
