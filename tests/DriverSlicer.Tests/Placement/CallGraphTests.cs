// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis;
using DriverSlicer.Model;
using Xunit;
using static DriverSlicer.Tests.Placement.Some;

namespace DriverSlicer.Tests.Placement;

public class CallGraphTests
{
    [Fact]
    public void A_named_callee_is_a_direct_edge()
    {
        var graph = new SmallDriver().Function("a", Call("b")).Function("b").Graph();
        var edge = Assert.Single(graph.Out("a"));
        Assert.Equal((EdgeKind.Direct, "b"), (edge.Kind, edge.Callee!.Name));
        Assert.Equal("a", Assert.Single(graph.In("b")).Caller.Name);
    }

    [Fact]
    public void A_call_through_the_drivers_own_field_reaches_every_function_stored_in_it()
    {
        var graph = new SmallDriver()
            .Function("a", CallThrough("struct own_ops", "start"))
            .Function("one").Function("two")
            .Function("setup", Store("two", "struct own_ops", "start"))
            .Table("struct own_ops", "start", "one").Table("struct own_ops", "stop", "setup").Graph();
        Assert.Equal(["one", "two"], graph.Out("a").Select(e => e.Callee!.Name));
        Assert.All(graph.Out("a"), e => Assert.Equal(EdgeKind.Field, e.Kind));
    }

    [Fact]
    public void A_call_through_a_field_of_the_kernels_may_reach_others_too()
    {
        var graph = new SmallDriver().Function("a", CallThrough("struct kernel_ops", "start")).Function("one")
            .Table("struct kernel_ops", "start", "one").Graph();
        Assert.Equal([EdgeKind.Field, EdgeKind.Unknown], graph.Out("a").Select(e => e.Kind));
    }

    [Fact]
    public void A_call_through_an_empty_field_is_unknown() =>
        Assert.Equal(EdgeKind.Unknown, Assert.Single(new SmallDriver().Function("a", CallThrough("struct own_ops", "start")).Graph().Out("a")).Kind);

    [Theory]
    [InlineData("struct a *", "struct a *", true)]
    [InlineData("struct a *", "void *", true)]
    [InlineData("void *", "struct a *", true)]
    [InlineData("struct b *", "struct a *", false)]
    [InlineData("int", "struct a *", false)]
    [InlineData("0", "struct a *", true)]
    [InlineData("struct a *", "int", false)]
    [InlineData("", "struct a *", false)]
    public void A_call_that_cannot_be_told_may_enter_what_could_be_called_so(string argument, string parameter, bool may)
    {
        Argument[] arguments = argument.Length == 0 ? [] : [new(ArgumentForm.Value, Type(argument), null, Constant: argument == "0" ? 0 : null)];
        var graph = new SmallDriver().Function("a", CallThrough(Local("a", 0), arguments)).Function("taken").Takes("taken", Type(parameter))
            .Function("not_taken").Takes("not_taken", Type(parameter)).Table("struct own_ops", "start", "taken").Graph();
        Assert.Equal(may ? ["taken"] : [], graph.Possible("a").Select(e => e.Callee?.Name).OfType<string>());
        Assert.Equal(may, graph.PossibleIn("taken").Any());
        Assert.Empty(graph.In("taken"));

        static CType Type(string text) => !text.EndsWith('*') ? new CType(CKind.Int, 4, "int")
            : Pointer with { Element = text.StartsWith("struct") ? new CType(CKind.Record, 8, text[..^2], Record: text[..^2]) : CType.Void };
    }

    [Fact]
    public void A_call_through_a_local_reaches_what_flowed_there()
    {
        var graph = new SmallDriver()
            .Function("a", Flow(Address("b"), Local("a", 0)), Flow(Local("a", 0), Local("a", 1)), CallThrough(Local("a", 1)))
            .Function("b").Graph();
        var edge = Assert.Single(graph.Out("a"));
        Assert.Equal((EdgeKind.Node, "b"), (edge.Kind, edge.Callee!.Name));
    }

    [Fact]
    public void A_callback_passed_to_a_wrapper_and_on_is_stored_under_the_kernel_function()
    {
        var graph = new SmallDriver()
            .Function("a", Pass(Address("handler"), "wrapper", 0), Call("wrapper", Function("handler")))
            .Function("wrapper", Pass(Parameter("wrapper", 0), "inline_request", 1), Call("inline_request"))
            .Inline("inline_request", Pass(Parameter("inline_request", 1), "real_request", 2), Call("real_request"))
            .Function("handler").Graph();
        Assert.Equal(["real_request#2"], graph.Stored.Where(s => s.Function == "handler").Select(s => s.Key));
    }

    [Fact]
    public void What_an_indirect_call_passes_reaches_the_callees_parameters()
    {
        var graph = new SmallDriver()
            .Function("a", CallThrough(new Node(NodeKind.Field, "struct own_ops", "install"), Function("handler")))
            .Function("install", Pass(Parameter("install", 0), "register_it", 0), Call("register_it"))
            .Function("handler")
            .Table("struct own_ops", "install", "install").Graph();
        Assert.Contains(graph.Stored, s => s is { Function: "handler", Key: "register_it#0" });
    }

    [Fact]
    public void A_macro_shim_goes_by_the_macros_name()
    {
        var graph = new SmallDriver().Shim("INIT_WORK")
            .Function("a", Pass(Address("work"), "md_m_INIT_WORK", 1), Call("md_m_INIT_WORK")).Function("work").Graph();
        Assert.Equal("INIT_WORK#1", Assert.Single(graph.Stored).Key);
    }

    [Fact]
    public void A_parameter_of_a_function_that_the_kernel_calls_may_hold_anything()
    {
        var graph = new SmallDriver()
            .Function("a", Pass(Address("known"), "callback", 0), Call("callback", Function("known")))
            .Function("callback", CallThrough(Parameter("callback", 0))).Function("known")
            .Table("struct kernel_ops", "walk", "callback").Graph();
        Assert.Equal([EdgeKind.Node, EdgeKind.Unknown], graph.Out("callback").Select(e => e.Kind));
    }
}
