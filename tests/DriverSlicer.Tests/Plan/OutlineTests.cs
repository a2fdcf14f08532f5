// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis;
using DriverSlicer.Model;
using Xunit;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Tests.Plan;

/// <summary>From C to halves: irq(), which has no contended action, takes the lock in the kernel half, open() in the user half.</summary>
public class OutlineTests
{
    private const string Driver = """
        extern void take(struct plain *lock);
        extern void give(struct plain *lock);
        struct own { struct plain lock; struct plain other; int n; };
        static int irq(struct device *d) { struct own *o = d->driver_data; take(&o->lock); o->n++; give(&o->lock); return 0; }
        static int helper(struct own *o) { return o->n; }

        """;

    private const string Ops = "\nconst struct kops ops = { .open = open, .irq = irq };";

    private static readonly KernelSpecs Specs = SmallSlice.Rules with
    {
        Locks =
        [
            new LockRule("take", LockKind.Spin, LockStep.Acquire, 0, true), new LockRule("give", LockKind.Spin, LockStep.Release, 0, true),
        ],
    };

    [Fact]
    public void The_function_moves_and_its_region_stays()
    {
        var plan = Outlined("int old; take(&o->lock);\n old = o->n;\n o->n = 0; give(&o->lock);\n return old;");
        Assert.Equal(Half.User, Of(plan, "open").Half);
        var region = Of(plan, "md_outline_0_open");
        Assert.Equal(Half.Kernel, region.Half);
        Assert.StartsWith("region of open that holds struct own.lock, outlined: irq takes it in the kernel half", region.Reason);
        Assert.Equal(LockChoice.Outline, Assert.Single(plan.Locks).Answer);
        Assert.Contains(plan.Downcalls, d => d is { Name: "md_outline_0_open", Kind: DowncallKind.Driver });
        Assert.DoesNotContain(plan.Diagnostics, d => d.Id is "DS0404" or "DS0407");
    }

    [Fact]
    public void Facts_of_a_region_keep_the_places_of_the_drivers_file()
    {
        const string Body = "take(&o->lock);\n o->n = 0; give(&o->lock);\n return 0;";
        var before = Read(Text(Body)).Functions.Single(f => f.Name == "open").Facts.OfType<Call>().Select(c => c.Location).ToArray();
        var region = Outlined(Body).Model.Functions.Single(f => f.Name == "md_outline_0_open");
        Assert.Equal(before[1], region.Facts.OfType<Call>().Last().Location);
        Assert.Equal(before[0].Line, region.Location.Line);
    }

    // What is asked for next of one function changes no name in another.
    [Fact]
    public void Parts_are_numbered_within_their_function()
    {
        const string Twice = "take(&o->lock); o->n++; give(&o->lock); take(&o->lock); o->n--; give(&o->lock); return 0;";
        var text = $"{Driver}static int more(struct device *d) {{ struct own *o = d->driver_data; {Twice} }}\n"
            + $"static int open(struct device *d) {{ struct own *o = d->driver_data; {Twice.Replace("return 0", "return more(d)")} }}{Ops}";
        Assert.Equal(
            ["md_outline_0_more", "md_outline_0_open", "md_outline_1_more", "md_outline_1_open"],
            OutlinedText(text).Model.Outlined.Select(o => o.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("take(&o->lock); helper(o); give(&o->lock); return helper(o);")]
    [InlineData("take(&o->lock); return 0;")]
    // open would call the region with a lock held that only the user half knows of.
    [InlineData("take(&o->other); take(&o->lock); o->n = 0; give(&o->lock); give(&o->other); return 0;")]
    [InlineData("take(&o->lock); take(&o->other); o->n = 0; give(&o->lock); give(&o->other); return 0;")]
    public void Is_not_asked_for(string body) => Assert.Empty(Outlining.Requests(Read(Text(body)), Specs, SliceAbilities.Today));

    [Fact]
    public void A_lock_inside_the_region_travels_with_it()
    {
        var plan = Outlined("take(&o->lock); take(&o->other); o->n = 0; give(&o->other); give(&o->lock); return 0;");
        Assert.Equal((Half.User, Half.Kernel), (Of(plan, "open").Half, Of(plan, "md_outline_0_open").Half));
    }

    [Fact]
    public void A_statement_with_a_construct_stays_and_its_function_moves()
    {
        var plan = Outlined("o->n = 1;\no->n = jiffies;\nreturn 0;");
        Assert.Equal((Half.User, Half.Kernel), (Of(plan, "open").Half, Of(plan, "md_outline_0_open").Half));
        Assert.Contains(plan.Diagnostics, d => d is { Id: "DS0506", Message: var text } && text.StartsWith("md_outline_0_open stays", StringComparison.Ordinal));
    }

    [Fact]
    public void Behind_one_statement_there_may_be_another()
    {
        var plan = Outlined("o->n = jiffies;\no->lock.a = jiffies;\nreturn 0;");
        Assert.Equal((Half.User, 2), (Of(plan, "open").Half, plan.Model.Outlined.Length));
    }

    [Theory]
    // A crossing for each would be more than what moves.
    [InlineData("o->n = jiffies;\no->lock.a = jiffies;\no->lock.b = jiffies;\nreturn 0;")]
    // The process would hold it.
    [InlineData("take(jiffies ? &o->other : &o->lock);\no->n = 2;\nreturn 0;")]
    // What it calls would move, and be called from the kernel half.
    [InlineData("o->n = helper(o) + jiffies;\nreturn 0;")]
    [InlineData("return jiffies > 7;")]
    [InlineData("int now = jiffies;\nreturn now;")]
    [InlineData("int a, b;\na = jiffies, b = jiffies + 1;\nreturn a + b;")]
    public void A_statement_that_does_not_help_stays_where_it_was(string body)
    {
        var plan = Outlined(body);
        Assert.Equal((Half.Kernel, 0), (Of(plan, "open").Half, plan.Model.Outlined.Length));
    }

    [Theory]
    [InlineData("fill(others[jiffies], buf, n);", "a1")]
    [InlineData("fill(others[jiffies], buf, 7);", "7")]
    public void A_buffer_that_is_only_handed_on_has_the_size_that_the_rule_gives(string statement, string size)
    {
        var plan = Filled(statement);
        Assert.Equal(Half.User, Of(plan, "filled").Half);
        var buffer = Assert.Single(plan.Downcalls.Single(d => d.Name.StartsWith("md_outline", StringComparison.Ordinal)).Parameters, p => p.Kind == DownParameterKind.Buffer);
        Assert.Equal((size, false, true), (buffer.Size, buffer.In, buffer.Out));
    }

    [Theory]
    [InlineData("if (jiffies) fill(d, buf, n);")]
    [InlineData("fill(others[jiffies], buf, jiffies ? n : 0);")]
    [InlineData("fill(others[jiffies], buf, n++);")]
    [InlineData("fill(others[jiffies], buf, n & 0xff);")]
    public void A_buffer_of_a_size_that_cannot_be_told_keeps_the_function(string statement) => Assert.Equal(Half.Kernel, Of(Filled(statement), "filled").Half);

    /// <summary>filled(d, buf, n) does the statement; its callers hand on a part of an object and a local array.</summary>
    private static SlicePlan Filled(string statement) => OutlinedText(
        $"{Driver}static struct device *others[2];\nstatic int filled(struct device *d, u8 *buf, ulong n)\n{{\n{statement}\nreturn 0;\n}}\n"
        + $"static int open(struct device *d)\n{{\nu8 few[4], more[9];\nfilled(d, few, 4);\nfilled(d, more, 9);\nreturn few[0];\n}}{Ops}");

    private static string Text(string body) => $"{Driver}static int open(struct device *d)\n{{\nstruct own *o = d->driver_data;\n{body}\n}}{Ops}";

    private static DriverModel Read(string text) => SmallSlice.Read(text);

    private static SlicePlan Outlined(string body) => OutlinedText(Text(body));

    private static SlicePlan OutlinedText(string text) => Slicing.Run(
        Outlining.Run(Read(text), Specs, SliceAbilities.Today, requests => SmallSlice.Outline(text, requests)), Specs, SliceAbilities.Today);

    private static Placed Of(SlicePlan plan, string name) => plan.Functions.Single(f => f.Name == name);
}
