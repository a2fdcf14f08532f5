// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Emit;
using DriverSlicer.Model;
using Xunit;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Tests.Emit;

/// <summary>A plan that contradicts itself is refused, never worked around.</summary>
public sealed class PlanErrorTests
{
    [Fact]
    public void An_unplaced_function() =>
        Refused(plan => plan with { Functions = plan.Functions.RemoveAt(0) }, "function counter_read of counter.c:1:1 was not placed");

    [Fact]
    public void A_tracked_pair_without_its_release() =>
        Refused(plan => plan with { Downcalls = plan.Downcalls.RemoveAt(plan.Downcalls.Length - 1) }, "its release put_device is not a downcall");

    [Fact]
    public void An_entry_point_that_lives_in_the_kernel_half() => Refused(
        plan => plan with { Functions = [.. plan.Functions.Select(placed => placed.Name == "counter_open" ? placed with { Half = Half.Kernel } : placed)] },
        "entry point counter_open is not a function of the driver's text that lives in the user half");

    [Fact]
    public void A_buffer_without_a_size() => Refused(plan => Change(plan, "device_property_read_u8_array", downcall => downcall with
    {
        Parameters = downcall.Parameters.SetItem(2, new DownParameter(DownParameterKind.Buffer, C.VoidPointer)),
    }), "buffer 2 of device_property_read_u8_array has no size");

    [Fact]
    public void A_success_rule_that_nobody_knows() => Refused(plan => Change(plan, "ioremap", downcall => downcall with
    {
        Acquires = [downcall.Acquires[0] with { Success = "maybe" }],
    }), "success rule 'maybe' of ioremap");

    [Fact]
    public void A_static_variable_that_a_macro_declares() => Refused(
        plan => plan with
        {
            Model = plan.Model with { Globals = [.. plan.Model.Globals.Select(global => global.Name == "opens" ? global with { InMacro = "ONCE" } : global)] },
        },
        "static variable opens is not declared by the driver's own text");

    [Fact]
    public void Entries_of_a_unit_that_are_not_neighbours()
    {
        var plan = Plans.TwoFiles();
        var error = Assert.Throws<InvalidOperationException>(
            () => Emitter.Emit(plan with { Downcalls = [.. plan.Downcalls, plan.Downcalls[0] with { Name = "other" }] }, Plans.Shims));
        Assert.Contains("entries of first.c are not neighbours", error.Message);
    }

    private static SlicePlan Change(SlicePlan plan, string name, Func<Downcall, Downcall> change) =>
        plan with { Downcalls = [.. plan.Downcalls.Select(downcall => downcall.Name == name ? change(downcall) : downcall)] };

    private static void Refused(Func<SlicePlan, SlicePlan> change, string message)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Emitter.Emit(change(Plans.Counter()), Plans.Shims));
        Assert.Contains(message, error.Message);
    }
}
