// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis;

namespace DriverSlicer.Tests.Plan;

/// <summary>What explain says about the crossings at a function.</summary>
public sealed class ExplainCrossingsTests
{
    private const string Driver = """
        static int inner(struct device *d) { get_device(d, d->parent); return d->id; }
        static int irq(struct device *d) { d->id = 3; return 0; }
        static int open(struct device *d) { irq(d); return inner(d); }
        const struct kops ops = { .open = open, .irq = irq };
        """;

    [Fact]
    public void An_entry_lists_the_fields_that_travel()
    {
        var text = Explained("open");
        Assert.Contains("upcall:   1 argument; 2 fields (12 bytes) in, 0 fields (0 bytes) out at most", text);
        Assert.Contains("in:   struct device: parent, id", text);
        Assert.DoesNotContain("out:", text);
        Assert.Contains("calls:    irq in the kernel, 1 place: struct device", text);
    }

    [Fact]
    public void A_function_behind_an_entry_names_it()
    {
        var text = Explained("inner");
        Assert.Contains("entered:  through open", text);
        Assert.DoesNotContain("upcall:", text);
    }

    [Fact]
    public void A_function_of_the_kernel_half_says_that_the_user_half_calls_it()
    {
        var text = Explained("irq");
        Assert.Contains("downcall: the user half calls it in the kernel: struct device", text);
        Assert.DoesNotContain("entered:", text);
    }

    private static string Explained(string name)
    {
        var plan = SmallSlice.Of(Driver).Plan;
        return string.Join('\n', ExplainCrossings.For(plan.Functions.Single(p => p.Name == name).Function, plan, CallGraph.Build(plan.Model)));
    }
}
