// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis;
using DriverSlicer.Model;
using Xunit;
using static DriverSlicer.Tests.Placement.Some;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Tests.Placement;

/// <summary>open() takes struct own.lock in the user half, irq() in the kernel half. Outlining is off, so a lock without a gate pins.</summary>
public class GateTests
{
    [Fact]
    public void What_leads_to_a_gated_lock_goes_through_the_gate_and_nothing_else()
    {
        var gate = Shared().Function("tick").Entry("tick", ExecContext.SoftIrq)
            .Function("poll", Call("helper")).Function("helper", Lock(), Unlock()).Entry("poll", ExecContext.SoftIrq).Place().Gate;
        Assert.Equal(["irq mask-irq", "poll lockless"], gate.Entries.Select(e => $"{e.Name} {e.Action.Name}"));
        Assert.All(gate.Entries, e => Assert.Equal((true, false), (e.Locked, e.Excluded)));
        Assert.Equal(["helper", "irq", "poll"], gate.Locking.Order());
    }

    [Fact]
    public void A_process_context_entry_that_stays_waits()
    {
        var driver = Shared().Function("kept", Lock(), Unlock()).Entry("kept", ExecContext.Process, contended: null).Pinned("kept", "a construct");
        Assert.Equal(Half.User, Of(driver.Place(), "open").Half);
        Assert.True(driver.Place().Gate.Entries.Single(e => e.Name == "kept").Action.Waits);
    }

    [Theory]
    [InlineData(DeathRule.Undo, true)]
    [InlineData(DeathRule.Fail, false)]
    public void An_entry_by_which_something_ends_is_never_given_up(DeathRule onDeath, bool ends)
    {
        var driver = Shared().Function("stop", Lock(), Unlock()).Table("struct kernel_ops", "stop", "stop")
            .Rule("struct kernel_ops.stop", ExecContext.Process, contended: null, onDeath: onDeath).Pinned("stop", "a construct");
        Assert.Equal(ends, driver.Place().Gate.Entries.Single(e => e.Name == "stop").Ends);
    }

    [Fact]
    public void Rules_that_contend_differently_cannot_share_a_wrapper()
    {
        var driver = Shared().Table("struct other_ops", "irq", "irq").Rule("struct other_ops.irq", ExecContext.SoftIrq, contended: "lockless");
        Pins(driver, "open", "irq is entered as struct kernel_ops.irq and struct other_ops.irq");
    }

    [Fact]
    public void An_upcall_from_inside_the_gate_forbids_it_and_both_places_are_named()
    {
        var driver = Shared().Function("kept", Lock(), Unlock(), Call("moves")).Function("moves")
            .Entry("kept", ExecContext.Process, contended: null).Pinned("kept", "a construct");
        Pins(driver, "open", "would make an upcall inside the gate: kept calls moves (a.c:100:5)");
        Assert.Equal(Half.User, Of(driver.Place(), "moves").Half);
    }

    [Fact]
    public void An_upcall_from_a_downcall_that_takes_the_lock_forbids_the_gate()
    {
        var driver = Shared().Function("setup", Call("kept")).Entry("setup", ExecContext.Process)
            .Function("kept", Lock(), Unlock(), Call("moves")).Function("moves").Pinned("kept", "a construct");
        Pins(driver, "open", "kept (a.c:");
    }

    [Fact]
    public void An_upcall_that_is_gone_when_the_kernel_half_has_grown_forbids_nothing()
    {
        var driver = Shared().Function("kept", Lock(), Call("helper"), Unlock()).Function("helper")
            .Entry("kept", ExecContext.Process, contended: null).Pinned("kept", "a construct");
        Assert.Equal((Half.User, Half.Kernel), (Of(driver.Place(), "open").Half, Of(driver.Place(), "helper").Half));
    }

    [Theory]
    [InlineData(true, Half.Kernel)]
    [InlineData(false, Half.User)]
    public void Ending_an_entry_in_the_kernel_half_forbids_the_gate_and_waiting_for_one_does_not(bool ends, Half half)
    {
        var driver = Shared().Settles("stop_timer", ends).Function("tick", Call("stop_timer")).Entry("tick", ExecContext.SoftIrq);
        Assert.Equal(half, Of(driver.Place(), "open").Half);
    }

    [Theory]
    [InlineData("flush_work", ExecContext.Process, Half.Kernel)]
    [InlineData("mutex_lock", ExecContext.Process, Half.Kernel)]
    [InlineData("readl", ExecContext.Process, Half.User)]
    [InlineData("flush_work", ExecContext.SoftIrq, Half.User)] // it cannot: the call is on a way that only others take
    public void An_entry_that_may_sleep_inside_forbids_the_gate(string function, ExecContext context, Half half)
    {
        var driver = Shared().Blocks("flush_work").Function("kept", Call("helper"), Lock(), Unlock()).Function("helper", Call(function))
            .Entry("kept", context).Pinned("kept", "a construct").Pinned("helper", "a construct");
        Assert.Equal(half, Of(driver.Place(), "open").Half);
        if (half == Half.Kernel)
            Pins(driver, "open", $"may sleep inside the gate: helper calls {function} (a.c:100:5)");
    }

    [Fact]
    public void A_downcall_that_takes_the_lock_and_may_sleep_forbids_the_gate() => Pins(
        Shared().Blocks("msleep").Function("setup", Call("kept")).Entry("setup", ExecContext.Process)
            .Function("kept", Lock(), Unlock(), Call("msleep")).Pinned("kept", "a construct"),
        "open", "may sleep inside the gate: kept calls msleep");

    [Fact]
    public void An_entry_that_waits_inside_for_others_forbids_the_gate() => Pins(
        Shared().Settles("wait_for_irq", ends: false).Function("kept", Call("helper"), Lock(), Unlock()).Function("helper", Call("wait_for_irq"))
            .Entry("kept", ExecContext.Process).Pinned("kept", "a construct").Pinned("helper", "a construct"),
        "open", "may sleep inside the gate: helper calls wait_for_irq");

    [Fact]
    public void Waiting_for_entries_with_the_gate_closed_forbids_it()
    {
        var driver = new SmallDriver { Abilities = SliceAbilities.Today }.Settles("wait_for_irq", ends: false)
            .Function("open", Lock(), Call("helper"), Unlock()).Function("helper", Call("wait_for_irq")).Entry("open", ExecContext.Process)
            .Function("irq", Lock(), Unlock()).Entry("irq", ExecContext.HardIrq, contended: "mask-irq");
        Pins(driver, "open", "wait_for_irq would wait inside the gate");
    }

    [Fact]
    public void The_same_holds_under_a_lock_of_the_user_half_alone()
    {
        var driver = new SmallDriver { Abilities = SliceAbilities.Today }.Settles("wait_for_irq", ends: false)
            .Function("open", Lock(), Call("wait_for_irq"), Unlock()).Entry("open", ExecContext.Process);
        Assert.Equal(Half.Kernel, Of(driver.Place(), "open").Half);
    }

    [Fact]
    public void An_entry_that_the_driver_calls_through_a_pointer_cannot_have_a_wrapper()
    {
        var driver = Shared().Function("poll", CallThrough(new Node(NodeKind.Field, "struct kernel_ops", "irq"), Value(Local("poll", 0)))).Entry("poll", ExecContext.HardIrq);
        Pins(driver, "open", "poll calls irq through a pointer");
    }

    [Fact]
    public void A_call_that_cannot_be_told_may_make_an_upcall_inside_the_gate()
    {
        var driver = Shared().Takes("open", Pointer).Function("kept", Lock(), Unlock(), CallThrough(Local("kept", 0), Value(Local("kept", 1))))
            .Entry("kept", ExecContext.Process, contended: null).Pinned("kept", "a construct");
        Pins(driver, "open", "would make an upcall inside the gate: kept calls open");
    }

    [Fact]
    public void A_call_that_cannot_be_told_may_enter_an_entry_that_has_a_wrapper() => Pins(
        Shared().Takes("open", Pointer).Function("kept", CallThrough(Local("kept", 0))).Entry("kept", ExecContext.Process).Pinned("kept", "a construct"),
        "open", "kept calls irq through a pointer");

    [Fact]
    public void A_call_that_cannot_be_told_takes_what_it_may_enter_into_the_kernel_half()
    {
        var driver = Shared().Function("stop").Takes("stop", Pointer).Entry("stop", ExecContext.Process)
            .Function("poll", CallThrough(Local("poll", 0), Value(Local("poll", 1)))).Entry("poll", ExecContext.SoftIrq);
        Assert.Equal(Half.Kernel, Of(driver.Place(), "stop").Half);
    }

    [Fact]
    public void A_header_inline_that_takes_the_lock_goes_through_the_gate()
    {
        var driver = new SmallDriver { Abilities = SliceAbilities.Today }.Function("open", Lock(), Unlock(), Call("locked_add")).Entry("open", ExecContext.Process)
            .Inline("locked_add", Lock(), Unlock());
        Assert.Equal(LockChoice.Gate, Assert.Single(driver.Place().Locks).Answer);
        Assert.Equal(["locked_add"], driver.Place().Gate.Locking);
    }

    [Fact]
    public void An_entry_whose_lock_cannot_be_told_goes_through_the_gate_too()
    {
        var gate = Shared().Function("tick", TakeAt(Local("tick", 0)), GiveAt(Local("tick", 0))).Entry("tick", ExecContext.SoftIrq).Place().Gate;
        Assert.Equal(["irq", "tick"], gate.Entries.Select(e => e.Name));
    }

    [Fact]
    public void A_deferred_entry_moves_and_those_it_excludes_go_through_the_gate()
    {
        var placement = Timeout("xmit").Place();
        Assert.Equal(Half.User, Of(placement, "timeout").Half);
        Assert.Equal("hold(a0)", placement.Gate.Deferred["timeout"].Hold);
        var entry = Assert.Single(placement.Gate.Entries);
        Assert.Equal(("xmit", false, true, "stop-queue"), (entry.Name, entry.Locked, entry.Excluded, entry.Action.Name));
    }

    [Fact]
    public void Without_a_rule_for_its_callers_lock_a_deferrable_entry_stays_and_the_line_is_shown()
    {
        var placement = new SmallDriver { Abilities = SliceAbilities.Today }.Function("timeout").Entry("timeout", ExecContext.SoftIrq, deferrable: true).Place();
        Stays(placement, "does not say what stands for its caller's lock");
        Assert.Contains("defer = {", Assert.Single(placement.Diagnostics).Next);
    }

    [Fact]
    public void A_deferrable_entry_that_the_kernel_half_calls_stays() => Stays(
        Timeout().Function("kept", Call("timeout")).Entry("kept", ExecContext.Process).Pinned("kept", "a construct").Place(), "kept calls it in the kernel half");

    [Fact]
    public void A_deferrable_entry_that_stays_for_a_construct_keeps_all_that_it_reaches()
    {
        var placement = new SmallDriver { Abilities = SliceAbilities.Today }.Function("timeout", Call("reset")).Function("reset")
            .Deferrable("timeout").Pinned("timeout", "inline assembly").Place();
        Assert.Equal((Half.Kernel, "inline assembly"), (Of(placement, "timeout").Half, Of(placement, "timeout").Reason));
        Assert.Equal(Half.Kernel, Of(placement, "reset").Half);
        Assert.Empty(placement.Gate.Deferred);
    }

    [Fact]
    public void A_deferrable_entry_that_the_user_half_calls_moves() =>
        Assert.Equal(Half.User, Of(Timeout().Function("ioctl", Call("timeout")).Entry("ioctl", ExecContext.Process).Place(), "timeout").Half);

    [Fact]
    public void A_deferrable_entry_with_another_way_in_stays() => Stays(
        Timeout().Table("struct other_ops", "reset", "timeout").Rule("struct other_ops.reset", ExecContext.Process).Place(), "struct other_ops.reset as well");

    [Fact]
    public void A_deferrable_entry_stays_if_one_that_it_excludes_cannot_be_contended() => Stays(
        new SmallDriver { Abilities = SliceAbilities.Today }.Function("timeout").Deferrable("timeout", "xmit")
            .Function("xmit").Entry("xmit", ExecContext.SoftIrq, contended: null).Place(),
        "it excludes xmit: xmit (struct kernel_ops.xmit) can neither wait for the gate nor be put off");

    [Fact]
    public void A_deferrable_entry_stays_if_one_that_it_excludes_lives_in_the_user_half() => Stays(
        new SmallDriver { Abilities = SliceAbilities.Today }.Function("timeout").Deferrable("timeout", "stop")
            .Function("stop").Entry("stop", ExecContext.Process).Place(),
        "it excludes stop, which is not in the kernel half");

    private static SmallDriver Shared() => new SmallDriver { Abilities = SliceAbilities.Today }
        .Function("open", Lock(), Unlock()).Entry("open", ExecContext.Process)
        .Function("irq", Lock(), Unlock()).Entry("irq", ExecContext.HardIrq, contended: "mask-irq");

    private static SmallDriver Timeout(params string[] excludes) => new SmallDriver { Abilities = SliceAbilities.Today }
        .Function("timeout").Deferrable("timeout", excludes).Function("xmit").Entry("xmit", ExecContext.SoftIrq, hot: true, contended: "stop-queue");

    private static void Pins(SmallDriver driver, string function, string why)
    {
        var placement = driver.Place();
        Assert.Equal(Half.Kernel, Of(placement, function).Half);
        Assert.Contains(why, Of(placement, function).Reason);
        Assert.Contains(placement.Diagnostics, d => d.Id == "DS0404" && d.Message.Contains(why, StringComparison.Ordinal));
        Assert.Empty(placement.Gate.Entries);
    }

    private static void Stays(PlacementResult placement, string why)
    {
        Assert.Equal(Half.Kernel, Of(placement, "timeout").Half);
        Assert.Contains(why, Of(placement, "timeout").Reason);
        Assert.Contains(placement.Diagnostics, d => d.Id == "DS0406" && d.Message.Contains(why, StringComparison.Ordinal));
        Assert.Empty(placement.Gate.Deferred);
        Assert.DoesNotContain(placement.Gate.Entries, e => e.Excluded);
    }

    private static Placed Of(PlacementResult placement, string name) => placement.Functions.Single(f => f.Name == name);
}
