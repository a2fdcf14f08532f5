// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis;
using DriverSlicer.Model;
using Xunit;
using static DriverSlicer.Tests.Placement.Some;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Tests.Placement;

public class PlacementTests
{
    [Fact]
    public void A_process_context_entry_moves_with_what_only_it_reaches()
    {
        var placement = new SmallDriver().Function("open", Call("helper")).Function("helper").Entry("open", ExecContext.Process).Place();
        Assert.All(placement.Functions, f => Assert.Equal(Half.User, f.Half));
        var helper = Placed(placement, "helper");
        Assert.Equal(["open", "helper"], helper.Path);
        Assert.Contains("only in process context, from open", helper.Reason);
        Assert.Empty(placement.Diagnostics);
    }

    [Theory]
    [InlineData(ExecContext.HardIrq)]
    [InlineData(ExecContext.SoftIrq)]
    [InlineData(ExecContext.Atomic)]
    [InlineData(ExecContext.Process | ExecContext.Atomic)]
    public void An_entry_that_may_not_sleep_stays_with_all_that_it_reaches(ExecContext context)
    {
        var placement = new SmallDriver()
            .Function("poll", Call("helper")).Function("helper", Call("deep")).Function("deep").Entry("poll", context).Place();
        Assert.All(placement.Functions, f => Assert.Equal(Half.Kernel, f.Half));
        Assert.Equal(["poll", "helper", "deep"], Placed(placement, "deep").Path);
        Assert.Contains("reached from poll", Placed(placement, "deep").Reason);
    }

    [Fact]
    public void A_hot_entry_stays_although_it_could_sleep()
    {
        var placed = Placed(new SmallDriver().Function("copy").Entry("copy", ExecContext.Process, hot: true).Place(), "copy");
        Assert.Equal(Half.Kernel, placed.Half);
        Assert.Contains("hot path", placed.Reason);
    }

    [Fact]
    public void A_function_that_both_worlds_reach_stays()
    {
        var placement = new SmallDriver()
            .Function("open", Call("shared")).Function("irq", Call("shared")).Function("shared")
            .Entry("open", ExecContext.Process).Entry("irq", ExecContext.HardIrq).Place();
        Assert.Equal((Half.User, Half.Kernel), (Placed(placement, "open").Half, Placed(placement, "shared").Half));
    }

    [Fact]
    public void A_callback_reached_through_the_drivers_own_field_in_an_interrupt_stays()
    {
        var placement = new SmallDriver()
            .Function("irq", CallThrough("struct own_ops", "start")).Function("start").Table("struct own_ops", "start", "start")
            .Entry("irq", ExecContext.HardIrq).Place();
        Assert.Equal(Half.Kernel, Placed(placement, "start").Half);
    }

    [Fact]
    public void A_deferrable_entry_moves_when_deferral_is_built()
    {
        var driver = new SmallDriver().Function("timeout", Call("reset")).Function("reset").Deferrable("timeout");
        Assert.Contains("deferred", Placed(driver.Place(), "timeout").Reason);
        Assert.Equal(Half.User, Placed(driver.Place(), "reset").Half);

        driver.Abilities = new SliceAbilities(Gate: true, Deferral: false, Outline: true);
        Assert.Equal(Half.Kernel, Placed(driver.Place(), "timeout").Half);
        Assert.Equal("DS0403", Assert.Single(driver.Place().Diagnostics).Id);
    }

    [Fact]
    public void A_construct_keeps_its_function_and_not_what_that_calls()
    {
        var placement = new SmallDriver().Function("open", Call("helper")).Function("helper")
            .Entry("open", ExecContext.Process).Pinned("open", "inline assembly").Place();
        Assert.Equal((Half.Kernel, "inline assembly"), (Placed(placement, "open").Half, Placed(placement, "open").Reason));
        Assert.Equal(Half.User, Placed(placement, "helper").Half);
    }

    [Fact]
    public void What_a_kernel_half_function_calls_under_its_spinlock_stays_too()
    {
        var placement = new SmallDriver()
            .Function("open", Lock(), Call("inside"), Unlock(), Call("after")).Function("inside", Call("deep")).Function("deep").Function("after")
            .Entry("open", ExecContext.Process).Pinned("open", "inline assembly").Place();
        Assert.Equal((Half.Kernel, Half.Kernel, Half.User), (Placed(placement, "inside").Half, Placed(placement, "deep").Half, Placed(placement, "after").Half));
        Assert.Contains("struct own.lock held by open", Placed(placement, "inside").Reason);
    }

    [Fact]
    public void A_macro_generated_function_stays_and_what_it_calls_may_move()
    {
        var placement = new SmallDriver()
            .Macro("driver_init", "module_pci_driver", Call("helper")).Function("helper")
            .Macro("__inittest", "module_pci_driver", Flow(Address("driver_init"), new Node(NodeKind.Return, "__inittest")))
            .Rule("macro#init", ExecContext.Process).Place();
        Assert.Equal(Half.Kernel, Placed(placement, "driver_init").Half);
        Assert.Contains("module_pci_driver", Placed(placement, "driver_init").Reason);
        Assert.Equal(Half.User, Placed(placement, "helper").Half);
    }

    [Fact]
    public void A_function_that_no_root_reaches_stays()
    {
        var placement = new SmallDriver().Function("forgotten").Place();
        Assert.Equal((Half.Kernel, ExecContext.None), (placement.Functions[0].Half, placement.Functions[0].Contexts));
        Assert.Equal("DS0405", Assert.Single(placement.Diagnostics).Id);
    }

    [Fact]
    public void Equal_input_gives_equal_output()
    {
        static string Text() => string.Join('\n', Busy().Place().Functions.Select(f => $"{f.Name} {f.Half} {f.Reason} {string.Join(' ', f.Path)}"));
        Assert.Equal(Text(), Text());
    }

    [Fact]
    public void Explain_names_half_reason_path_lock_and_what_would_move_it()
    {
        var driver = Busy();
        var lines = string.Join('\n', Explain.For("shared", driver.Place(), driver.Graph()));
        Assert.Contains("kernel half", lines);
        Assert.Contains("irq -> shared", lines);
        Assert.Contains("contexts: process, hardirq", lines);
        Assert.Contains("lock:     struct own.lock: gate", lines);
        Assert.Contains("callers:  irq (kernel), open (user)", lines);
        Assert.Contains("to move:", lines);
        Assert.DoesNotContain("to move:", string.Join('\n', Explain.For("open", driver.Place(), driver.Graph())));
    }

    private static SmallDriver Busy() => new SmallDriver()
        .Function("open", Call("shared"), Lock(), Unlock()).Function("irq", Call("shared")).Function("shared", Lock(), Unlock())
        .Entry("open", ExecContext.Process).Entry("irq", ExecContext.HardIrq);

    private static Placed Placed(PlacementResult placement, string name) => placement.Functions.Single(f => f.Name == name);
}
