// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Tests.Specs;

namespace DriverSlicer.Tests.Plan;

/// <summary>What a diagnostic offers to paste is accepted as it stands, once its blanks are filled in, and moves the function.</summary>
public sealed class PasteTests
{
    [Theory]
    [InlineData("DS0510", "struct mine *m = get_data(d); read_config((struct pdev *)d, 1, m->bytes);", "1")]
    [InlineData("DS0509", "int n = 1; use_opaque(&n, NULL);", "4")]
    [InlineData("DS0514", "d->id = *find_bytes(1);", "8")]
    public void A_rule_for_a_kernel_function(string id, string body, string size)
    {
        var text = $"struct mine {{ u8 *bytes; }};\nstatic int open(struct device *d)\n{{\n{body}\nreturn 0;\n}}\nconst struct kops ops = {{ .open = open }};";
        var kept = SmallSlice.Of(text).Plan.Diagnostics.Single(d => d.Id == id);
        using var folder = new SpecFolder();
        var rules = folder.Read("kernel-api", Filled(kept.Next, size)).Functions;

        Assert.Equal("User", SmallSlice.Of(text, s => s with { Functions = s.Functions.AddRange(rules) }).Half("open"));
    }

    [Fact]
    public void A_line_for_a_place_that_the_kernel_calls()
    {
        const string text = """
            struct odd { int (*call)(struct device *d); };
            extern void register_odd(const struct odd *odd);
            static int called(struct device *d) { return 1; }
            static const struct odd odd = { .call = called };
            static int open(struct device *d) { register_odd(&odd); return 0; }
            const struct kops ops = { .open = open };
            """;
        var kept = SmallSlice.Of(text).Plan.Diagnostics.Single(d => d.Id == "DS0401");
        using var folder = new SpecFolder();
        var rules = folder.Read("entry-points", Filled(kept.Next, "").Replace("process|atomic|softirq|hardirq", "process", StringComparison.Ordinal)).Entries;

        Assert.Equal("User", SmallSlice.Of(text, s => s with { Entries = s.Entries.AddRange(rules) }).Half("called"));
    }

    [Fact]
    public void Of_a_function_of_the_driver_no_rule_is_offered()
    {
        var slice = SmallSlice.Of("""
            struct mine { u8 *bytes; };
            static int sum(struct device *d, u8 *p) { return p[d->id] + (int)jiffies; }
            static int irq(struct device *d) { u8 some[2]; return sum(d, some); }
            static int open(struct device *d) { u8 few[4], many[8]; return sum(d, few) + sum(d, many); }
            const struct kops ops = { .open = open, .irq = irq };
            """);

        Assert.Contains(slice.Plan.Diagnostics, d => d.Id == "DS0510");
        Assert.All(slice.Plan.Diagnostics, d => Assert.DoesNotContain("[[rule]]", d.Next, StringComparison.Ordinal));
    }

    /// <summary>The lines below the sentence.</summary>
    private static string Filled(string next, string size) => string.Join('\n', next.Split('\n').Skip(1).Select(l =>
        l.Replace("bytes that it uses: a C expression over a0, a1, ...", size, StringComparison.Ordinal).Replace("bytes: a C expression over a0, a1, ...", size, StringComparison.Ordinal)));
}
