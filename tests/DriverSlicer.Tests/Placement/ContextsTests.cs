// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis;
using DriverSlicer.Model;
using Xunit;
using static DriverSlicer.Tests.Placement.Some;

namespace DriverSlicer.Tests.Placement;

public class ContextsTests
{
    [Fact]
    public void Contexts_of_all_callers_add_up()
    {
        var contexts = Of(new SmallDriver()
            .Function("open", Call("shared")).Function("irq", Call("shared")).Function("shared")
            .Entry("open", ExecContext.Process).Entry("irq", ExecContext.HardIrq));
        Assert.Equal(ExecContext.Process | ExecContext.HardIrq, contexts["shared"]);
    }

    [Fact]
    public void Under_a_spinlock_process_context_becomes_atomic_and_after_it_is_process_again()
    {
        var contexts = Of(Process(Call("before"), Lock(), Call("inside"), Unlock(), Call("after")));
        Assert.Equal((ExecContext.Process, ExecContext.Atomic, ExecContext.Process), (contexts["before"], contexts["inside"], contexts["after"]));
    }

    [Fact]
    public void A_mutex_changes_nothing() =>
        Assert.Equal(ExecContext.Process, Of(Process(LockMutex(), Call("inside"), UnlockMutex()))["inside"]);

    [Fact]
    public void Interrupt_context_stays_what_it_is_under_a_lock()
    {
        var contexts = Of(new SmallDriver().Function("irq", Lock(), Call("inside"), Unlock()).Function("inside").Entry("irq", ExecContext.HardIrq));
        Assert.Equal(ExecContext.HardIrq, contexts["inside"]);
    }

    [Fact]
    public void An_unlock_on_an_early_exit_does_not_end_the_region()
    {
        var contexts = Of(Process(Lock(), Call("before"), Unlock(), Call("inside"), Unlock(), Call("after")));
        Assert.Equal((ExecContext.Atomic, ExecContext.Process), (contexts["inside"], contexts["after"]));
    }

    [Fact]
    public void Between_two_regions_of_one_lock_nothing_is_held()
    {
        var contexts = Of(Process(Lock(), Unlock(), Call("inside"), Lock(), Call("after"), Unlock()));
        Assert.Equal((ExecContext.Process, ExecContext.Atomic), (contexts["inside"], contexts["after"]));
    }

    [Fact]
    public void A_lock_that_is_never_released_lasts_to_the_end() =>
        Assert.Equal(ExecContext.Atomic, Of(Process(Lock(), Call("inside")))["inside"]);

    [Fact]
    public void Regions_of_different_locks_do_not_end_each_other()
    {
        var contexts = Of(Process(Lock("a"), Lock("b"), Unlock("b"), Call("inside"), Unlock("a"), Call("after")));
        Assert.Equal((ExecContext.Atomic, ExecContext.Process), (contexts["inside"], contexts["after"]));
    }

    [Fact]
    public void A_helper_that_takes_the_lock_takes_it_for_its_caller()
    {
        var contexts = Of(Process(Call("take"), Call("inside"), Call("give"), Call("after"))
            .Function("take", Lock()).Function("give", Unlock()));
        Assert.Equal((ExecContext.Atomic, ExecContext.Process), (contexts["inside"], contexts["after"]));
    }

    [Fact]
    public void The_lock_behind_a_pointer_variable_is_found()
    {
        var pointer = Local("open", 0);
        var regions = LockRegions.Of(
            Process(
                Flow(new Node(NodeKind.FieldAddress, "struct own", "lock"), pointer), Call("spin_lock", Value(pointer)), Call("inside"),
                Call("spin_unlock", Value(pointer))).Graph(),
            new SmallDriver().Specs());
        Assert.Equal("struct own.lock", Assert.Single(regions.In("open")).Lock.Text);
    }

    private static SmallDriver Process(params Fact[] body) =>
        new SmallDriver().Function("open", body).Function("before").Function("inside").Function("after").Entry("open", ExecContext.Process);

    private static IReadOnlyDictionary<string, ExecContext> Of(SmallDriver driver)
    {
        var (graph, specs) = (driver.Graph(), driver.Specs());
        return Contexts.Of(graph, Roots.Of(graph, specs), LockRegions.Of(graph, specs));
    }
}
