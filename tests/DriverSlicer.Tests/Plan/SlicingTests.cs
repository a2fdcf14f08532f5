// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Plan;

public sealed class SlicingTests
{
    private const string Text = """
        struct mine { int shared; int mine; int theirs; };
        static void set(struct mine *m) { m->shared = 1; }
        static int irq(struct device *d) { struct mine *m = get_data(d); set(m); m->theirs = 2; return 0; }
        static int open(struct device *d) { struct mine *m = get_data(d); m->shared = 3; m->mine = 4; return name_it(d, "x"); }
        static int show(struct device *d, char *buf) { return enable((struct pdev *)d); }
        const struct kops ops = { .open = open, .irq = irq, .show = show };
        """;

    [Fact]
    public void Fields_that_both_halves_write_are_reported_with_their_writers()
    {
        var both = Assert.Single(SmallSlice.Of(Text).Plan.BothWritten);
        Assert.Equal(("struct mine", "shared", "open", "set"), (both.Record, both.Field, both.UserWriters.Single(), both.KernelWriters.Single()));
    }

    [Fact]
    public void Equal_input_gives_equal_plans()
    {
        static string Dump(SmallSlice s) => string.Join('\n', s.Plan.Upcalls.SelectMany(u => s.Rows(u.Name))
            .Concat(s.Plan.Downcalls.Select(d => d.ToString())).Concat(s.Plan.Symbols.Select(x => x.ToString())).Concat(s.Plan.Types.Select(t => t.Spelling)));
        Assert.Equal(Dump(SmallSlice.Of(Text)), Dump(SmallSlice.Of(Text)));
    }

    [Fact]
    public void Tables_are_sorted_as_the_wire_needs_them()
    {
        var plan = SmallSlice.Of(Text).Plan;
        Assert.Equal(plan.Types.Select(t => t.Spelling).Order(StringComparer.Ordinal), plan.Types.Select(t => t.Spelling));
        Assert.All(plan.Upcalls, u => Assert.Equal(u.Visits.Select(v => v.Type).Order(), u.Visits.Select(v => v.Type)));
        Assert.Equal(plan.Downcalls.Select(d => d.Name).Order(StringComparer.Ordinal), plan.Downcalls.Select(d => d.Name));
        Assert.All(plan.Downcalls, d => Assert.Equal("d.c", d.Unit));
    }

    [Fact]
    public void A_list_of_functions_that_nothing_can_enter_gives_an_empty_plan()
    {
        var plan = SmallSlice.Of("static int irq(struct device *d) { return d->id; } const struct kops ops = { .irq = irq };").Plan;
        Assert.Empty(plan.Upcalls);
        Assert.Empty(plan.Downcalls);
        Assert.DoesNotContain(plan.Diagnostics, d => d.Severity == Severity.Error);
    }
}
