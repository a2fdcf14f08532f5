// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis;
using DriverSlicer.Model;
using Xunit;
using static DriverSlicer.Tests.Placement.Some;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Tests.Placement;

public class RootsTests
{
    [Fact]
    public void A_function_in_an_ops_table_is_a_root_under_the_tables_rule()
    {
        var root = Assert.Single(RootsOf(new SmallDriver().Function("open").Entry("open", ExecContext.Process)));
        Assert.Equal((RootKind.Ruled, ExecContext.Process, "struct kernel_ops.open"), (root.Kind, root.Contexts, root.Key));
    }

    [Fact]
    public void Without_a_rule_every_context_is_assumed_and_the_warning_prints_the_line_to_add()
    {
        var placement = new SmallDriver().Function("open", Call("helper")).Function("helper").Table("struct kernel_ops", "open", "open").Place();
        Assert.All(placement.Functions, f => Assert.Equal((Half.Kernel, Root.AnyContext), (f.Half, f.Contexts)));
        var warning = Assert.Single(placement.Diagnostics);
        Assert.Equal(("DS0401", Severity.Warning), (warning.Id, warning.Severity));
        Assert.Contains("[\"struct kernel_ops\"] open = { context =", warning.Next);
    }

    [Fact]
    public void The_line_to_add_names_function_and_argument_of_a_registration()
    {
        var placement = new SmallDriver()
            .Function("setup", Pass(Address("callback"), "register_it", 3), Call("register_it")).Function("callback")
            .Entry("setup", ExecContext.Process).Place();
        Assert.Contains("[register_it] 3 = {", Assert.Single(placement.Diagnostics).Next);
    }

    [Fact]
    public void A_function_in_the_drivers_own_record_is_no_root_when_the_driver_calls_it()
    {
        var roots = RootsOf(new SmallDriver()
            .Function("open", CallThrough("struct own_ops", "start")).Function("start")
            .Table("struct own_ops", "start", "start").Entry("open", ExecContext.Process));
        Assert.Equal(["open"], roots.Select(r => r.Function.Name));
    }

    [Fact]
    public void A_function_in_the_drivers_own_record_that_only_others_can_call_is_a_root_of_unknown_context()
    {
        var root = Assert.Single(RootsOf(new SmallDriver().Function("start").Table("struct own_ops", "start", "start")));
        Assert.Equal((RootKind.Unknown, Root.AnyContext), (root.Kind, root.Contexts));
    }

    [Theory]
    [InlineData("__inittest", "macro#init")]
    [InlineData("__exittest", "macro#exit")]
    public void Module_init_and_exit_are_roots(string test, string key)
    {
        var roots = RootsOf(new SmallDriver()
            .Function("load").Macro(test, "module_init", Flow(Address("load"), new Node(NodeKind.Return, test)))
            .Rule(key, ExecContext.Process));
        Assert.Equal((key, RootKind.Ruled), (Assert.Single(roots).Key, roots[0].Kind));
    }

    [Fact]
    public void An_exported_function_stays_with_all_that_it_reaches()
    {
        var placement = new SmallDriver().Function("service", Call("helper")).Function("helper").Export("service").Place();
        Assert.All(placement.Functions, f => Assert.Equal(Half.Kernel, f.Half));
        Assert.Contains("exported", placement.Functions[0].Reason);
        Assert.Equal("DS0402", Assert.Single(placement.Diagnostics).Id);
    }

    private static List<Root> RootsOf(SmallDriver driver) => [.. Roots.Of(driver.Graph(), driver.Specs())];
}
