// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis;
using DriverSlicer.Model;
using Xunit;
using static DriverSlicer.Tests.Placement.Some;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Tests.Placement;

/// <summary>open() runs in process context, irq() does not; most cases let both take struct own.lock.</summary>
public class LockAnswerTests
{
    private static readonly SliceAbilities GateOnly = new(Gate: true, Deferral: false, Outline: false);

    [Fact]
    public void A_lock_that_only_the_user_half_takes_is_local()
    {
        var (placed, answer) = Open(new SmallDriver { Abilities = SliceAbilities.Today }.Function("open", Lock(), Unlock()).Entry("open", ExecContext.Process));
        Assert.Equal((Half.User, LockChoice.Local), (placed.Half, answer.Answer));
    }

    [Fact]
    public void A_shared_spinlock_is_gated_and_what_runs_under_it_may_move()
    {
        var driver = Shared().Function("open", Lock(), Call("inside"), Unlock()).Function("inside");
        var (placed, answer) = Open(driver);
        Assert.Equal((Half.User, LockChoice.Gate), (placed.Half, answer.Answer));
        Assert.Equal(["irq", "open"], answer.Takers);
        var inside = driver.Place().Functions.Single(f => f.Name == "inside");
        Assert.Equal((Half.User, ExecContext.Atomic), (inside.Half, inside.Contexts));
    }

    [Fact]
    public void Without_gate_and_outline_a_shared_spinlock_pins_its_taker()
    {
        var driver = Shared().Function("open", Lock(), Call("inside"), Unlock(), Call("after")).Function("inside").Function("after");
        driver.Abilities = new SliceAbilities(Gate: false, Deferral: false, Outline: false);
        var (placed, answer) = Open(driver);
        Assert.Equal((Half.Kernel, LockChoice.Pin), (placed.Half, answer.Answer));
        Assert.Contains("takes struct own.lock: irq takes it in the kernel half", placed.Reason);
        var placement = driver.Place();
        Assert.Equal("DS0404", Assert.Single(placement.Diagnostics).Id);
        Assert.Equal((Half.Kernel, Half.User), (Of(placement, "inside").Half, Of(placement, "after").Half));
    }

    [Fact]
    public void Interrupts_without_a_contended_action_cannot_meet_a_gate()
    {
        var driver = new SmallDriver { Abilities = GateOnly }
            .Function("open", Lock(), Unlock()).Function("irq", Lock(), Unlock())
            .Entry("open", ExecContext.Process).Entry("irq", ExecContext.HardIrq, contended: null);
        Assert.Equal(LockChoice.Pin, Open(driver).Answer.Answer);
        Assert.Contains("irq (struct kernel_ops.irq) can neither wait for the gate nor be put off", Open(driver).Placed.Reason);
    }

    [Fact]
    public void A_lock_of_a_kernel_structure_is_not_gated()
    {
        var driver = new SmallDriver { Abilities = GateOnly }
            .Function("open", Lock(record: "struct kernel"), Unlock(record: "struct kernel")).Entry("open", ExecContext.Process);
        Assert.Equal(LockChoice.Pin, Open(driver).Answer.Answer);
        Assert.Contains("part of a structure of the kernel", Open(driver).Answer.Reason);
    }

    [Theory]
    [InlineData("kernel_keeps_it", LockChoice.Pin)]
    [InlineData("md_m_spin_lock_init", LockChoice.Gate)]
    public void A_lock_whose_address_escapes_is_not_gated_but_may_be_initialised(string callee, LockChoice expected)
    {
        var driver = Shared().Shim("spin_lock_init").Function("open", Lock(), Unlock())
            .Function("setup", Pass(new Node(NodeKind.FieldAddress, "struct own", "lock"), callee, 0), Call(callee)).Entry("setup", ExecContext.Process);
        driver.Abilities = GateOnly;
        Assert.Equal(expected, Open(driver).Answer.Answer);
    }

    [Theory]
    [InlineData("struct kernel_hooks", "hook", "a call through a pointer that may lead anywhere (a.c:100:5)")]
    [InlineData("struct own_ops", "kernel_keeps_it", "its address goes to kernel_keeps_it (a.c:100:5)")]
    [InlineData("struct own_ops", "hook", null)]
    public void A_lock_whose_address_goes_through_a_function_pointer_escapes_where_that_may_lead(string record, string target, string? why)
    {
        var driver = Shared().Function("open", Lock(), Unlock()).Function("hook").Function("never", Call("kernel_keeps_it")).Function(
            "setup", Store(target, record, "f"), CallThrough(new Node(NodeKind.Field, record, "f"), Field("struct own", "lock"))).Entry("setup", ExecContext.Process);
        driver.Abilities = GateOnly;
        Assert.Equal(why is null ? LockChoice.Gate : LockChoice.Pin, Open(driver).Answer.Answer);
        Assert.Contains(why ?? "", Open(driver).Answer.Reason);
    }

    [Fact]
    public void A_lock_inside_a_variable_escapes_through_a_function_pointer_too()
    {
        var driver = Shared().Function("open", Lock(), Unlock()).Variable("card", type: Record("struct own")).Fields("struct own", new CField("lock", 0, 64, Record("struct lock")))
            .Function("tell", Call("spin_lock", Inside()), Call("spin_unlock", Inside()), CallThrough(new Node(NodeKind.Field, "struct kernel_hooks", "f"), Inside()));
        driver.Abilities = GateOnly;
        Assert.Contains("its address goes to a call through a pointer", Open(driver).Placed.Reason);

        static Argument Inside() => new(ArgumentForm.AddressOfField, Pointer with { Element = Record("struct lock") }, new Node(NodeKind.GlobalAddress, "card"));
    }

    [Fact]
    public void A_lock_whose_address_is_stored_through_a_pointer_is_not_gated()
    {
        var driver = Shared().Function("open", Lock(), Unlock())
            .Function("setup", Flow(new Node(NodeKind.FieldAddress, "struct own", "lock"), new Node(NodeKind.Deref, "", "struct lock *"))).Entry("setup", ExecContext.Process);
        driver.Abilities = GateOnly;
        Assert.Contains("its address goes to memory that a pointer leads to", Open(driver).Placed.Reason);
    }

    [Fact]
    public void A_lock_that_cannot_be_told_is_not_gated()
    {
        var driver = Shared().Function("open", Call("spin_lock", Value(Local("open", 0))), Call("spin_unlock", Value(Local("open", 0))));
        driver.Abilities = GateOnly;
        Assert.Equal(Half.Kernel, Of(driver.Place(), "open").Half);
    }

    [Fact]
    public void A_lock_of_the_kernel_half_that_cannot_be_told_may_be_this_one()
    {
        var driver = Untold(TakeAt(Local("tick", 0)), GiveAt(Local("tick", 0)));
        Assert.Contains("tick (struct kernel_ops.tick) can neither wait for the gate nor be put off", Of(driver.Place(), "open").Reason);
    }

    [Fact]
    public void A_lock_pointer_that_the_kernel_gave_is_none_of_the_drivers() =>
        Assert.Equal(Half.User, Of(Untold(TakeAt(new Node(NodeKind.Field, "struct kernel", "lock")), GiveAt(new Node(NodeKind.Field, "struct kernel", "lock"))).Place(), "open").Half);

    [Fact]
    public void A_pointer_that_is_one_known_lock_or_something_else_may_be_any() => Assert.Equal(Half.Kernel, Of(
        Untold(Flow(new Node(NodeKind.FieldAddress, "struct own", "other"), Local("tick", 1)), Flow(Local("tick", 0), Local("tick", 1)), TakeAt(Local("tick", 1)), GiveAt(Local("tick", 1))).Place(),
        "open").Half);

    [Fact]
    public void A_lock_pointer_that_a_static_initialiser_sets_is_told()
    {
        var pointer = new Node(NodeKind.Field, "struct own_ops", "lock");
        var driver = Shared().Function("open", TakeAt(pointer), GiveAt(pointer)).Variable("big_lock").Variable("table", "struct own_ops", "lock", "big_lock");
        Assert.Contains(driver.Place().Locks, l => l is { Name: "global big_lock", Answer: LockChoice.Local });
    }

    [Fact]
    public void A_lock_whose_address_a_static_initialiser_gives_to_the_kernel_is_not_gated()
    {
        Argument big = new(ArgumentForm.AddressOfField, Pointer, new Node(NodeKind.GlobalAddress, "big_lock"));
        var driver = new SmallDriver { Abilities = GateOnly }.Function("open", Call("spin_lock", big), Call("spin_unlock", big)).Entry("open", ExecContext.Process)
            .Variable("big_lock").Variable("table", "struct kernel_clock", "lock", "big_lock");
        Assert.Contains("its address goes to field lock of a structure of the kernel", Open(driver).Placed.Reason);
    }

    [Fact]
    public void A_lock_inside_a_variable_is_the_one_that_pointers_lead_to()
    {
        var lockPointer = Pointer with { Element = Record("struct lock") };
        Argument inside = new(ArgumentForm.AddressOfField, lockPointer, new Node(NodeKind.GlobalAddress, "card"));
        var driver = Shared().Function("open", Call("spin_lock", inside), Call("spin_unlock", inside)).Variable("card", type: Record("struct own"))
            .Fields("struct own", new CField("lock", 0, 64, Record("struct lock")));
        driver.Abilities = GateOnly;
        Assert.Equal(["irq", "open"], Open(driver).Answer.Takers);
        Assert.Equal(LockChoice.Gate, Open(driver).Answer.Answer);
        driver.Function("setup", Pass(inside.Node!, "kernel_keeps_it", 0) with { ToType = lockPointer }, Call("kernel_keeps_it")).Entry("setup", ExecContext.Process);
        Assert.Contains("its address goes to kernel_keeps_it", Open(driver).Placed.Reason);
    }

    [Fact]
    public void A_header_inline_that_takes_the_lock_takes_it_in_the_kernel()
    {
        var driver = new SmallDriver { Abilities = SliceAbilities.Design with { Gate = false, Outline = false } }
            .Function("open", Lock(), Unlock(), Call("locked_add")).Entry("open", ExecContext.Process).Inline("locked_add", Lock(), Unlock());
        Assert.Contains("locked_add takes it in the kernel half", Of(driver.Place(), "open").Reason);
    }

    [Fact]
    public void A_trylock_beside_a_lock_does_not_wait_for_the_gate_either()
    {
        var driver = Shared().Function("open", Lock(), Unlock(), TryLock(), Unlock());
        driver.Abilities = GateOnly;
        Assert.Contains("a trylock cannot wait for the gate", Open(driver).Placed.Reason);
        driver = Shared().Function("open", Lock(), TryLock(), Unlock());
        driver.Abilities = GateOnly;
        Assert.Contains("a trylock cannot wait for the gate", Open(driver).Placed.Reason);
    }

    [Fact]
    public void An_upcall_inside_the_held_region_forbids_the_gate()
    {
        var driver = Shared().Function("open", Lock(), Call("kept"), Unlock()).Function("kept", Call("moves")).Function("moves").Pinned("kept", "a construct");
        driver.Abilities = GateOnly;
        Assert.Equal((Half.Kernel, LockChoice.Pin), (Open(driver).Placed.Half, Open(driver).Answer.Answer));
        Assert.Contains("upcall to moves", Open(driver).Answer.Reason);
    }

    [Fact]
    public void A_trylock_on_a_shared_lock_does_not_wait_for_the_gate()
    {
        var driver = Shared().Function("open", TryLock(), Unlock());
        driver.Abilities = GateOnly;
        Assert.Equal(LockChoice.Pin, Open(driver).Answer.Answer);
    }

    [Fact]
    public void A_region_that_calls_nothing_of_the_user_half_is_outlined_where_no_gate_helps()
    {
        var driver = Shared().Function("open", Lock(), Call("readl"), Unlock());
        driver.Abilities = new SliceAbilities(Gate: false, Deferral: false, Outline: true);
        Assert.Equal((Half.User, LockChoice.Outline), (Open(driver).Placed.Half, Open(driver).Answer.Answer));
    }

    [Fact]
    public void A_region_that_calls_into_the_user_half_is_not_outlined()
    {
        var driver = Shared().Function("open", Lock(), Call("inside"), Unlock()).Function("inside");
        driver.Abilities = new SliceAbilities(Gate: false, Deferral: false, Outline: true);
        Assert.Equal((Half.Kernel, LockChoice.Pin), (Open(driver).Placed.Half, Open(driver).Answer.Answer));
    }

    [Fact]
    public void A_region_that_outlives_its_function_is_not_outlined()
    {
        var driver = Shared().Function("open", Lock());
        driver.Abilities = new SliceAbilities(Gate: false, Deferral: false, Outline: true);
        Assert.Equal(LockChoice.Pin, Open(driver).Answer.Answer);
    }

    [Theory]
    [InlineData(true, Half.User, LockChoice.Outline)]
    [InlineData(false, Half.Kernel, LockChoice.Pin)]
    public void An_rcu_reader_is_outlined_or_pinned_and_never_gated(bool outline, Half half, LockChoice choice)
    {
        var driver = new SmallDriver { Abilities = new SliceAbilities(true, true, outline) }
            .Function("open", Call("rcu_read_lock"), Call("readl"), Call("rcu_read_unlock")).Entry("open", ExecContext.Process);
        Assert.Equal((half, choice), (Open(driver).Placed.Half, Open(driver).Answer.Answer));
    }

    [Fact]
    public void A_mutex_of_both_halves_is_sleeping_and_pins_nobody()
    {
        var driver = new SmallDriver { Abilities = SliceAbilities.Today }
            .Function("open", LockMutex(), UnlockMutex()).Function("kept", LockMutex(), UnlockMutex())
            .Entry("open", ExecContext.Process).Entry("kept", ExecContext.Process).Pinned("kept", "a construct");
        Assert.Equal((Half.User, LockChoice.Sleeping), (Open(driver).Placed.Half, Open(driver).Answer.Answer));
    }

    [Fact]
    public void A_function_that_takes_its_lock_through_a_kernel_half_helper_stays()
    {
        var driver = Shared().Function("open", Call("take"), Unlock()).Function("take", Lock()).Function("tick", Call("take")).Entry("tick", ExecContext.SoftIrq);
        Assert.Equal(Half.Kernel, Of(driver.Place(), "open").Half);
        Assert.Contains("through take", Of(driver.Place(), "open").Reason);
    }

    [Theory]
    [InlineData(NodeKind.Field, "struct own", "pointer")]
    [InlineData(NodeKind.Global, "pointer", "")]
    public void A_lock_pointer_whose_address_is_given_away_may_be_any(NodeKind kind, string owner, string field)
    {
        var pointer = new Node(kind, owner, field);
        var address = new Node(kind == NodeKind.Field ? NodeKind.FieldAddress : NodeKind.GlobalAddress, owner, field);
        Fact[] known = [Flow(new Node(NodeKind.FieldAddress, "struct own", "other"), pointer), TakeAt(pointer), GiveAt(pointer)];
        Assert.Equal(Half.User, HalfOfOpen());
        Assert.Equal(Half.Kernel, HalfOfOpen(Pass(address, "sets_it", 0), Call("sets_it")));
        Assert.Equal(Half.Kernel, HalfOfOpen(CallThrough(new Node(NodeKind.Field, "struct kernel_hooks", "f"), new Argument(ArgumentForm.AddressOfField, Pointer, address))));

        Half HalfOfOpen(params Fact[] more) => Of(Untold([.. known, .. more]).Variable("pointer", type: Pointer).Place(), "open").Half;
    }

    /// <summary>open() and irq() share a lock; tick() takes one, and can neither wait nor be put off.</summary>
    private static SmallDriver Untold(params Fact[] facts)
    {
        var driver = Shared().Function("open", Lock(), Unlock()).Function("tick", facts).Entry("tick", ExecContext.SoftIrq, contended: null);
        driver.Abilities = GateOnly;
        return driver;
    }

    private static CType Record(string spelling) => new(CKind.Record, 8, spelling, Record: spelling);

    private static SmallDriver Shared() => new SmallDriver()
        .Function("irq", Lock(), Unlock()).Entry("irq", ExecContext.HardIrq, contended: "mask-irq").Entry("open", ExecContext.Process);

    private static (Placed Placed, LockAnswer Answer) Open(SmallDriver driver)
    {
        var placement = driver.Place();
        return (Of(placement, "open"), Assert.Single(placement.Locks));
    }

    private static Placed Of(PlacementResult placement, string name) => placement.Functions.Single(f => f.Name == name);
}
