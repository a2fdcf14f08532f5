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
        Assert.Contains("\n[\"struct kernel_ops\"]\nopen = { context =", warning.Next);
    }

    [Fact]
    public void The_line_to_add_names_function_and_argument_of_a_registration()
    {
        var placement = new SmallDriver()
            .Function("setup", Pass(Address("callback"), "register_it", 3), Call("register_it")).Function("callback")
            .Entry("setup", ExecContext.Process).Place();
        Assert.Contains("\n[register_it]\n3 = {", Assert.Single(placement.Diagnostics).Next);
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
    public void A_function_in_the_drivers_own_record_that_only_a_sibling_can_call_is_a_root_of_unknown_context()
    {
        var root = Assert.Single(RootsOf(new SmallDriver()
            .Function("start", Call("library_call")).Sibling("library_call").Table("struct own_ops", "start", "start")));
        Assert.Equal((RootKind.Unknown, Root.AnyContext), (root.Kind, root.Contexts));
    }

    [Fact]
    public void A_module_that_exports_has_siblings() =>
        Assert.Contains(
            RootsOf(new SmallDriver().Function("start").Function("service").Export("service").Table("struct own_ops", "start", "start")),
            r => r is { Kind: RootKind.Unknown, Function.Name: "start" });

    [Fact]
    public void Without_siblings_a_function_in_the_drivers_own_record_that_nobody_calls_is_dead()
    {
        var driver = new SmallDriver().Function("start", Call("helper"), Call("printk")).Function("helper").Function("open", Call("helper"))
            .Table("struct own_ops", "start", "start").Entry("open", ExecContext.Process);
        Assert.Equal(["open"], RootsOf(driver).Select(r => r.Function.Name));
        Assert.Equal(Half.User, driver.Place().Functions.Single(f => f.Name == "helper").Half);
    }

    [Theory]
    [InlineData("pm_runtime_irq_safe", RootKind.Unknown)]
    [InlineData("printk", RootKind.Ruled)]
    public void A_rule_can_be_void_for_drivers_that_call_a_certain_function(string calls, RootKind kind)
    {
        var roots = RootsOf(new SmallDriver()
            .Function("probe", Call(calls)).Entry("probe", ExecContext.Process)
            .Function("suspend").Table("struct dev_pm_ops", "runtime_suspend", "suspend")
            .Rule("struct dev_pm_ops.runtime_suspend", ExecContext.Process, unlessCalls: "pm_runtime_irq_safe"));
        Assert.Equal(kind, roots.Single(r => r.Function.Name == "suspend").Kind);
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
