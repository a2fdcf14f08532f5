// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Plan;

/// <summary>What the kernel half believes of an argument: no more than the driver's text can pass.</summary>
public sealed class AdmissibleTests
{
    [Theory]
    [InlineData("get_device(d, d->parent);", "get_device", "0 1")]
    [InlineData("get_device(d, NULL);", "get_device", "0")]
    [InlineData("struct device *p = d->parent; if (d->id) p = NULL; get_device(d, p);", "get_device", "0")]
    [InlineData("use_opaque(NULL, NULL);", "use_opaque", "")]
    [InlineData("u8 v; read_config((struct pdev *)d, 3, &v);", "read_config", "0 2")]
    [InlineData("name_it(d, d->name);", "name_it", "0")]
    [InlineData("name_it(d, \"it\");", "name_it", "0 1")]
    [InlineData("use_opaque(d->driver_data, NULL);", "use_opaque", "")]
    public void Null_is_refused_where_the_driver_does_not_pass_it(string body, string function, string needed) =>
        Assert.Equal(needed, string.Join(" ", SmallSlice.Open(body).Downcall(function).Needed));

    [Fact]
    public void Null_is_accepted_where_the_kernel_function_takes_it()
    {
        var slice = SmallSlice.Of(
            "static int open(struct device *d) { return get_device(d, d->parent); } const struct kops ops = { .open = open };",
            s => s with { Null = [("get_device", 1)] });
        Assert.Equal([0], slice.Downcall("get_device").Needed);
    }

    [Fact]
    public void An_error_pointer_is_accepted_where_the_kernel_function_asks_for_it()
    {
        var slice = SmallSlice.Of(
            "static int open(struct device *d) { return get_device(d, d->parent) + use_opaque(d, NULL) + name_it(d, d->name); } const struct kops ops = { .open = open };",
            s => s with { Errors = [("get_device", 1), ("use_opaque", 1), ("name_it", 1)] });
        Assert.Equal([false, true], slice.Downcall("get_device").Parameters.Select(p => p.Errors));
        Assert.Equal([false, true], slice.Downcall("use_opaque").Parameters.Select(p => p.Errors));
        // A string is copied, whatever its callee asks.
        Assert.Equal([false, false], slice.Downcall("name_it").Parameters.Select(p => p.Errors));
        Assert.Equal([0, 1], slice.Downcall("get_device").Needed);
    }

    [Fact]
    public void A_function_of_the_driver_is_asked_itself()
    {
        var slice = SmallSlice.Of("""
            static int irq(struct device *d) { return d ? d->id : 0; }
            static int open(struct device *d) { return irq(d->parent); }
            const struct kops ops = { .open = open, .irq = irq };
            """);
        Assert.Empty(slice.Downcall("irq").Needed);
    }

    [Theory]
    [InlineData("use_opaque(d, NULL);", "device")]
    [InlineData("use_opaque(d->parent, NULL); use_opaque((struct pdev *)d, NULL);", "device pdev")]
    [InlineData("use_opaque(d->driver_data, NULL);", "")]
    public void An_untyped_pointer_is_one_of_the_records_that_are_passed(string body, string records)
    {
        var slice = SmallSlice.Open(body);
        var parameter = slice.Downcall("use_opaque").Parameters[0];
        Assert.Equal(records, string.Join(" ", parameter.Among.Select(slice.Type)));
        Assert.False(parameter.Cookie);
    }

    [Fact]
    public void A_number_is_a_cookie_only_where_one_is_passed() =>
        Assert.True(SmallSlice.Open("use_opaque((void *)(ulong)d->id, NULL);").Downcall("use_opaque").Parameters[0].Cookie);

    [Theory]
    [InlineData("(void *)4", true)]
    [InlineData("&there", false)]
    [InlineData("&there }, { .data = (void *)4", true)]
    [InlineData("&there }, { .data = &there", false)]
    public void What_a_field_holds_that_a_table_fills_with_numbers_is_a_cookie(string value, bool cookie)
    {
        var slice = SmallSlice.Of($$"""
            struct row { void *data; };
            int there;
            struct row rows[] = { { .data = {{value}} } };
            static int open(struct device *d) { struct row *r = &rows[d->id & 0]; use_opaque(r->data, NULL); return 0; }
            const struct kops ops = { .open = open };
            """);
        Assert.Equal(cookie, slice.Downcall("use_opaque").Parameters[0].Cookie);
    }

    [Fact]
    public void A_function_pointer_names_those_that_are_passed()
    {
        var slice = SmallSlice.Of("""
            static int first(void *p) { return 1; }
            static int second(void *p) { return 2; }
            static int open(struct device *d) { return callback(d, first, d); }
            static int show(struct device *d, char *buf) { return second(d); }
            int (*other)(void *) = second;
            const struct kops ops = { .open = open, .show = show };
            """);
        var set = slice.Plan.FunctionSets[slice.Downcall("callback").Parameters[1].Functions];
        Assert.Equal(["first"], set.Select(i => slice.Plan.Symbols[i].Name));
    }

    [Fact]
    public void What_only_the_undo_log_calls_is_no_call_of_the_process()
    {
        var slice = SmallSlice.Of(
            "static int open(struct device *d) { return enable((struct pdev *)d); } const struct kops ops = { .open = open };",
            s => s with
            {
                Pairs = [new PairRule("enable", "zero", "disable", ["a0"])],
            });
        if (slice.Plan.Downcalls.FirstOrDefault(d => d.Name == "disable") is { } release)
            Assert.True(release.UndoOnly);
        Assert.False(slice.Downcall("enable").UndoOnly);
    }
}
