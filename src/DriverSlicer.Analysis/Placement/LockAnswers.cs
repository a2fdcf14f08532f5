// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>One answer per lock, from the verdicts on all its regions: the strongest machinery that any of them needs.</summary>
internal static class LockAnswers
{
    public static ImmutableArray<LockAnswer> Of(
        ImmutableArray<Function> own, LockRegions regions, LockJudge judge, KernelHalf kernel, ImmutableArray<LockPin> pins) =>
    [
        .. own.SelectMany(f => regions.In(f.Id)).GroupBy(r => r.Lock.Text).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => Of(g.Key, [.. g], judge, kernel, pins.Where(p => p.Region.Lock.Text == g.Key).MinBy(p => p.IsOutlined))),
    ];

    private static LockAnswer Of(string name, ImmutableArray<HeldRegion> all, LockJudge judge, KernelHalf kernel, LockPin? pin)
    {
        var takers = all.Select(r => r.Function.Name).Distinct().Order(StringComparer.Ordinal).ToImmutableArray();
        var inUser = all.Where(r => !kernel.Contains(r.Function.Id)).Select(judge.Judge).ToArray();
        foreach (var choice in new[] { LockChoice.Gate, LockChoice.Outline })
            if (inUser.FirstOrDefault(v => v.Choice == choice) is { } verdict)
                return new LockAnswer(name, choice, verdict.Why, takers);
        if (pin is not null)
            return new LockAnswer(name, pin.IsOutlined ? LockChoice.Outline : LockChoice.Pin, pin.Why, takers);
        return inUser.FirstOrDefault() is { } user
            ? new LockAnswer(name, user.Choice, user.Why, takers)
            : new LockAnswer(name, LockChoice.Local, "only the kernel half takes it", takers);
    }
}
