// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Lab.Faults;

/// <summary>One upcall that an action of the guest's led to, and the downcalls that it made ("gate-close" and "gate-open" among them).</summary>
/// <param name="Call">counts the calls of Entry in this action, from 1</param>
public sealed record RecordedCall(string Action, string Entry, int Call, ImmutableArray<string> Downcalls)
{
    /// <summary>Is the gate closed at this step?</summary>
    public bool Closed(uint step)
    {
        var made = step == FaultPoint.End ? Downcalls.Length : (int)(step / 2);
        return Downcalls.Take(made).Sum(d => d switch { "gate-close" => 1, "gate-open" => -1, _ => 0 }) > 0;
    }
}

/// <summary>What every action of the guest's script leads to, as recorded in a boot without faults.</summary>
public sealed record FaultProfile(ImmutableArray<RecordedCall> Calls)
{
    private const string Tag = "@@P ";

    /// <summary>Lines "@@P ACTION ENTRY DOWNCALL,..." and, for more of the same upcall, "@@P ACTION + DOWNCALL,...".</summary>
    public static FaultProfile Parse(IEnumerable<string> console)
    {
        var calls = ImmutableArray.CreateBuilder<RecordedCall>();
        foreach (var line in console.Select(ConsoleLine.Text).Where(l => l.StartsWith(Tag, StringComparison.Ordinal)))
        {
            var words = line[Tag.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2)
                continue;
            ImmutableArray<string> downcalls = words.Length > 2 ? [.. words[2].Split(',')] : [];
            if (words[1] == "+" && calls.Count > 0)
                calls[^1] = calls[^1] with { Downcalls = calls[^1].Downcalls.AddRange(downcalls) };
            else
                calls.Add(new(words[0], words[1], 1 + calls.Count(c => c.Action == words[0] && c.Entry == words[1]), downcalls));
        }
        return new FaultProfile(calls.ToImmutable());
    }
}
