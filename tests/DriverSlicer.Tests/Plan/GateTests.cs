// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;
using Xunit;

namespace DriverSlicer.Tests.Plan;

/// <summary>From C: what the wrapper of an entry needs, and what the plan says of the gate.</summary>
public class GateTests
{
    private const string Driver = """
        extern void end_irq(struct device *d);
        struct own { struct plain lock; int n; };
        static int count(struct own *o) { take(&o->lock); o->n++; give(&o->lock); return o->n; }

        """;

    private const string Irq = "static int irq(struct device *d) { struct own *o = d->driver_data; return count(o); }\n";

    private const string Open = """
        static int open(struct device *d) { struct own *o = d->driver_data; take(&o->lock); o->n = 0; give(&o->lock); count(o); end_irq(d); return 0; }
        const struct kops ops = { .open = open, .irq = irq };
        """;

    [Fact]
    public void The_plan_names_entries_and_marks_downcalls()
    {
        var plan = Slice(Irq + Open).Plan;
        Assert.Equal(LockChoice.Gate, Assert.Single(plan.Locks).Answer);
        Assert.True(plan.HasGate);
        var entry = Assert.Single(plan.Gated);
        Assert.Equal(("irq", "d.c", "1"), (entry.Name, entry.Unit, entry.Action.Result));
        Assert.Equal((true, false), (Down("count").Locks, Down("count").Settles));
        Assert.Equal((false, true), (Down("end_irq").Locks, Down("end_irq").Settles));

        Downcall Down(string name) => plan.Downcalls.Single(d => d.Name == name);
    }

    [Theory]
    [InlineData("take(&o->lock); get_device(d, d); give(&o->lock);", true)]
    [InlineData("take(&o->lock); o->n = 0; give(&o->lock); get_device(d, d);", false)]
    [InlineData("take(&o->lock); under(d); give(&o->lock);", true)]
    [InlineData("take(&o->lock); around(d, o); give(&o->lock);", true)]
    public void What_is_called_with_a_lock_held_is_known(string body, bool atomic)
    {
        // Gives its caller's lock back for a while: what comes before is under it as well.
        const string Helpers = """
            static int under(struct device *d) { return get_device(d, d); }
            static int around(struct device *d, struct own *o) { int r = get_device(d, d); give(&o->lock); o->n = r; take(&o->lock); return r; }

            """;
        var plan = Slice(Irq + Helpers + Open.Replace("count(o); end_irq(d);", body + " end_irq(d);")).Plan;
        Assert.Equal(atomic, plan.Downcalls.Single(d => d.Name == "get_device").Atomic);
    }

    [Fact]
    public void A_header_inline_that_takes_a_lock_is_performed_in_the_kernel_through_the_gate()
    {
        var bump = Slice(Irq + Open.Replace("count(o);", "locked_bump(&o->lock, &o->n);")).Plan.Downcalls.Single(d => d.Name == "locked_bump");
        Assert.Equal((DowncallKind.Inline, true), (bump.Kind, bump.Locks));
    }

    [Fact]
    public void The_result_of_a_contended_entry_must_be_known()
    {
        var slice = Slice(Irq + Open, result: null);
        Assert.Empty(slice.Plan.Gated);
        Assert.Equal("Kernel", slice.Half("open"));
        Assert.Contains(slice.Plan.Diagnostics, d => d.Id == "DS0404" && d.Message.Contains("irq (struct kops.irq) must return something"));
    }

    [Theory]
    [InlineData("struct names { int (*irq)(struct pdev *); };\nstatic int other(struct names *n, struct pdev *d) { return n->irq(d); }\n", Irq, "names something else")]
    [InlineData("", Irq + "static int other(struct device *d) { return (irq)(d); }\n", "is called in parentheses")]
    [InlineData("#define irq(d) irq(d)\n", Irq, "names something else")]
    [InlineData("enum result { NONE, SOME };\n", "static enum result irq(struct device *d) { struct own *o = d->driver_data; return count(o) ? SOME : NONE; }\n", "type enum result")]
    [InlineData("", "static __attribute__((section(\".init.text\"))) int irq(struct device *d) { struct own *o = d->driver_data; return count(o); }\n", "section that is dropped")]
    public void A_wrapper_that_cannot_have_the_functions_name_is_not_tried(string before, string irq, string why)
    {
        var slice = Slice(before + irq + Open.Replace(".irq = irq", ".irq = (void *)irq"));
        Assert.Empty(slice.Plan.Gated);
        Assert.Contains(slice.Plan.Diagnostics, d => d.Id == "DS0404" && d.Message.Contains(why, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("o->n = 0;", "o->n++;", true)]
    [InlineData("clear(o);", "count(o);", true)]
    [InlineData("o->m = 0;", "o->n++;", false)]
    [InlineData("if (o->n) o->m = 0;", "o->n++;", false)]
    [InlineData("o->n = 0; get_device(d, d);", "o->n++;", false)]
    [InlineData("d->driver_data = 0;", "d->driver_data = o;", false)]
    public void An_upcall_is_alone_if_it_writes_a_field_of_the_drivers_that_an_entry_that_yields_writes_too(string open, string irq, bool alone)
    {
        var plan = Slice(
            $$"""
            struct own { int n, m; };
            static void count(struct own *o) { o->n++; }
            static void clear(struct own *o) { o->n = 0; }
            static int irq(struct device *d) { struct own *o = d->driver_data; {{irq}} return 1; }
            static int open(struct device *d) { struct own *o = d->driver_data; {{open}} return 0; }
            const struct kops ops = { .open = open, .irq = irq };
            """, "1", ["get_device"]).Plan;
        Assert.Equal(alone, Assert.Single(plan.Upcalls, u => u.Name == "open").Alone);
        Assert.Equal(alone ? [("irq", false, true)] : [], plan.Gated.Select(g => (g.Name, g.Locked, g.Yields)));
    }

    [Fact]
    public void An_entry_that_yields_and_leads_to_a_lock_minds_both()
    {
        var plan = Slice(Driver + Irq.Replace("return count(o)", "o->n = 1; return count(o)") + Open, "1", []).Plan;
        Assert.True(Assert.Single(plan.Upcalls, u => u.Name == "open").Alone);
        Assert.Equal([("irq", true, true)], plan.Gated.Select(g => (g.Name, g.Locked, g.Yields)));
    }

    private static SmallSlice Slice(string text, string? result = "1") => Slice(Driver + text, result, null);

    private static SmallSlice Slice(string text, string? result, ImmutableArray<string>? yields) => SmallSlice.Of(
        text,
        specs => specs with
        {
            Entries = [.. specs.Entries.Select(e => e.Key == "struct kops.irq" ? e with { Contended = "mask-irq", YieldsUnlessCalls = yields } : e)],
            Functions = [.. specs.Functions, FunctionRule.Named("end_irq") with { Settles = true, Ends = true }, FunctionRule.Named("take") with { Local = true }, FunctionRule.Named("give") with { Local = true }],
            Locks = [new("take", LockKind.Spin, LockStep.Acquire, 0, true), new("give", LockKind.Spin, LockStep.Release, 0, true)],
            Contended = [new ContendedAction("mask-irq", "mask(gate, a0)", result, false)],
        },
        SliceAbilities.Today);
}
