// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis;
using DriverSlicer.Cli;
using DriverSlicer.Lab;
using DriverSlicer.Model;
using Xunit;
using static DriverSlicer.Tests.Placement.Some;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Tests.Placement;

public class SiblingExportsTests
{
    private static SmallDriver Library() => new SmallDriver().Function("service", Call("helper")).Function("helper").Export("service");

    [Fact]
    public void An_export_that_siblings_call_in_process_context_only_may_move()
    {
        var user = new SmallDriver().Function("probe", Call("service")).Entry("probe", ExecContext.Process);
        Assert.Equal(ExecContext.Process, Rules(Library(), user)["service"].Context);
        var placement = PlaceWith(Library(), user);
        Assert.All(placement.Functions, f => Assert.Equal(Half.User, f.Half));
        Assert.Empty(placement.Diagnostics);
    }

    [Fact]
    public void One_sibling_that_calls_it_in_an_interrupt_keeps_it_in_the_kernel_half()
    {
        var user = new SmallDriver().Function("probe", Call("service")).Entry("probe", ExecContext.Process);
        var other = new SmallDriver().Function("handler", Call("service")).Entry("handler", ExecContext.HardIrq);
        Assert.Equal(ExecContext.Process | ExecContext.HardIrq, Rules(Library(), user, other)["service"].Context);
        Assert.All(PlaceWith(Library(), user, other).Functions, f => Assert.Equal(Half.Kernel, f.Half));
    }

    [Fact]
    public void A_sibling_that_hands_it_to_the_kernel_is_believed_only_with_a_rule()
    {
        var user = new SmallDriver().Function("setup", Pass(Address("service"), "register_it", 1), Call("register_it")).Sibling("service").Entry("setup", ExecContext.Process);
        Assert.Equal(Root.AnyContext, Rules(Library(), user)["service"].Context);
    }

    [Fact]
    public void An_export_without_a_known_caller_stays()
    {
        var user = new SmallDriver().Function("probe").Entry("probe", ExecContext.Process);
        Assert.Empty(Rules(Library(), user));
        Assert.Equal("DS0402", Assert.Single(PlaceWith(Library(), user).Diagnostics).Id);
    }

    [Fact]
    public void Contexts_travel_through_an_export_into_the_next_module()
    {
        var middle = new SmallDriver().Function("middle", Call("service")).Export("middle");
        var user = new SmallDriver().Function("handler", Call("middle")).Entry("handler", ExecContext.SoftIrq);
        Assert.Equal(ExecContext.SoftIrq, Rules(Library(), middle, user)["service"].Context);
    }

    [Fact]
    public void Users_of_a_named_module_that_were_not_named_are_read_too_unless_there_are_many()
    {
        var tree = ModuleTree.Parse("k/lib.ko.xz:\nk/lib-pci.ko.xz: k/lib.ko.xz\nk/lib-mmio.ko.xz: k/lib.ko.xz\n");
        Assert.Equal(["lib_mmio"], SiblingModules.Of(tree, ["lib", "lib-pci"]).Others);
        var many = ModuleTree.Parse("k/core.ko:\n" + string.Concat(Enumerable.Range(0, 9).Select(i => $"k/d{i}.ko: k/core.ko\n")));
        var found = SiblingModules.Of(many, ["core", "d1"]);
        Assert.Empty(found.Others);
        Assert.Equal(["core"], found.Unknown);
    }

    private static IReadOnlyDictionary<string, EntryRule> Rules(params SmallDriver[] drivers) =>
        SiblingExports.Of([.. drivers.Select((d, i) => d.Model() with { Driver = $"module{i}" })], All(drivers));

    private static PlacementResult PlaceWith(SmallDriver driver, params SmallDriver[] siblings) =>
        DriverSlicer.Analysis.Placement.Choose(
            driver.Graph(), driver.Specs() with { Exports = SiblingExports.Of(
                [.. siblings.Prepend(driver).Select((d, i) => d.Model() with { Driver = $"module{i}" })], All([driver, .. siblings])) },
            SliceAbilities.Design, System.Collections.Immutable.ImmutableDictionary<string, Pin>.Empty);

    private static KernelSpecs All(SmallDriver[] drivers) =>
        drivers[0].Specs() with { Entries = [.. drivers.SelectMany(d => d.Specs().Entries).DistinctBy(e => e.Key)] };
}
