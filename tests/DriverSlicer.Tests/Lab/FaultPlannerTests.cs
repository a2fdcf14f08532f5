// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Lab;
using DriverSlicer.Lab.Faults;
using Xunit;

namespace DriverSlicer.Tests.Lab;

public class FaultPlannerTests
{
    private static readonly FaultProfile Profile = FaultProfile.Parse(
    [
        "[    1.0] @@P up card_open request_irq,gate-close,get_buffer,gate-open",
        "[    1.1] @@P up card_state",
        "[    1.2] @@P down card_close free_irq",
        "[    1.3] @@P down + say,put_buffer",
    ]);

    private static readonly ImmutableSortedDictionary<string, FaultTarget> Targets = new[]
    {
        new FaultTarget("request_irq", TakesPointer: true, TakesNumber: true, Failure: 4294967284, Acquires: true, Releases: false, Frees: false),
        new FaultTarget("get_buffer", true, true, 0, true, false, false),
        new FaultTarget("free_irq", true, true, null, false, true, false),
        new FaultTarget("put_buffer", true, false, null, false, true, true),
        new FaultTarget("say", false, false, null, false, false, false),
    }.ToImmutableSortedDictionary(t => t.Name, t => t);

    private static ImmutableArray<FaultPoint> Promised(int seed, int count = 2000) => [.. new FaultPlanner(Profile, Targets, seed, FaultKind.All).Promised().Take(count)];

    [Fact]
    public void A_record_keeps_the_crossings_of_an_upcall_that_needed_two_lines()
    {
        Assert.Equal(["free_irq", "say", "put_buffer"], Profile.Calls[2].Downcalls);
        Assert.Equal(3, Profile.Calls.Length);
    }

    [Fact]
    public void The_gate_is_closed_between_its_two_downcalls()
    {
        var open = Profile.Calls[0];
        Assert.Equal([false, false, false, false, true, true, true, true, false], Enumerable.Range(0, 9).Select(s => open.Closed((uint)s)));
        Assert.False(open.Closed(FaultPoint.End));
    }

    [Fact]
    public void The_seed_alone_chooses_the_points()
    {
        Assert.Equal(Promised(7), Promised(7));
        Assert.NotEqual(Promised(7, 100), Promised(8, 100));
    }

    [Fact]
    public void Every_downcall_that_can_fail_fails_once_in_each_entry_point_that_makes_it()
    {
        var failing = Promised(1).Where(p => p.Kind == "fail").Select(p => (p.Entry, p.Step, p.Value)).Distinct().Order();
        Assert.Equal([("card_open", 1u, 4294967284ul), ("card_open", 5u, 0ul)], failing);
    }

    [Fact]
    public void Every_way_to_hang_happens_with_the_gate_closed()
    {
        var closed = Promised(1).Where(p => p is { Action: "up", Entry: "card_open", Step: > 3 and < 8 }).Select(p => p.Kind).ToHashSet();
        Assert.Superset(new HashSet<string> { "kill", "loop", "sleep", "stop", "block" }, closed);
    }

    [Fact]
    public void Each_entry_point_is_struck_by_each_kind_of_death_and_twice_in_a_row()
    {
        foreach (var entry in new[] { "card_open", "card_state", "card_close" })
        {
            foreach (var kind in new[] { "kill", "segv", "abort", "exit" })
                Assert.Contains(Promised(1), p => p.Entry == entry && p.Kind == kind);
            Assert.Contains(Promised(1), p => p.Entry == entry && p.Times == 2);
        }
    }

    [Fact]
    public void Classes_do_not_mix()
    {
        Assert.All(Promised(3), p => Assert.True(FaultKind.Named(p.Kind).Promised));
        Assert.All(new FaultPlanner(Profile, Targets, 3, FaultKind.All).NotPromised().Take(200), p => Assert.False(FaultKind.Named(p.Kind).Promised));
    }

    [Fact]
    public void A_kind_that_fits_nowhere_is_left_out()
    {
        Assert.DoesNotContain(new FaultPlanner(Profile, Targets, 3, FaultKind.All).NotPromised().Take(200), p => p.Kind is "mmio" or "coherent");
        Assert.All(Promised(3).Where(p => p.Kind == "keep-lock"), p => Assert.Equal(7u, p.Step));
    }

    [Fact]
    public void Kinds_are_chosen_by_name_and_by_group()
    {
        var chosen = FaultKind.Chosen(["kill", "hang"]);
        Assert.Equal(["kill", "loop", "sleep", "stop", "block", "keep-lock"], chosen.Select(k => k.Name));
        Assert.All(new FaultPlanner(Profile, Targets, 3, chosen).Promised().Take(200), p => Assert.Contains(FaultKind.Named(p.Kind), chosen));
        Assert.Throws<LabUsageException>(() => FaultKind.Chosen(["bad luck"]));
    }

    [Fact]
    public void A_point_is_told_and_read_alike()
    {
        Assert.Equal("up:kill@card_open#1.4", new FaultPoint("up", "kill", "card_open", 1, 4).ToString());
        Assert.All(Promised(4).Concat(new FaultPlanner(Profile, Targets, 4, FaultKind.All).NotPromised().Take(300)), p => Assert.Equal(p, FaultPoint.Parse(p.ToString())));
        Assert.Throws<LabUsageException>(() => FaultPoint.Parse("kill@card_open"));
    }
}
