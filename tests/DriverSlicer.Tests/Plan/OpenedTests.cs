// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Plan;

/// <summary>Constructs that have a plan although they look as if they had none.</summary>
public sealed class OpenedTests
{
    [Fact]
    public void A_pointer_on_the_stack_is_set_by_the_handler()
    {
        var slice = SmallSlice.Open("struct pdev *p; new_device(d, &p); p->vendor = 1;");
        Assert.Empty(slice.Pins());
        var parameter = slice.Downcall("new_device").Parameters[1];
        Assert.Equal((DownParameterKind.OutPointer, "pdev"), (parameter.Kind, slice.Type(parameter.Type)));
        Assert.Contains("pdev.vendor Bytes out", slice.Rows());
    }

    [Fact]
    public void A_pointer_in_an_object_is_set_there() =>
        Assert.Equal(DownParameterKind.Opaque, SmallSlice.Open("struct own *o = get_data(d); new_device(d, &o->p);", "struct own { struct pdev *p; };").Downcall("new_device").Parameters[1].Kind);

    [Fact]
    public void Bytes_that_only_variables_lead_to_travel_while_the_call_lasts()
    {
        var slice = SmallSlice.Open("u8 *p = kalloc(9); p[d->id] = 1; d->id = p[2]; kfree(p);");
        Assert.Empty(slice.Pins());
        Assert.Equal(AllocationSite.Bytes, Assert.Single(slice.Plan.Sites).Type);
    }

    [Fact]
    public void A_number_read_at_a_computed_offset_can_be_any_of_the_record()
    {
        var slice = SmallSlice.Open("d->parent->id = *(u32 *)((char *)d + d->id);");
        Assert.Empty(slice.Pins());
        Assert.Equal(["device.parent Ptr device in", "device.id Bytes in out"], slice.Rows());
    }

    [Fact]
    public void A_number_written_at_a_computed_offset_can_be_any_of_the_record()
    {
        var slice = SmallSlice.Of("""
            struct own { int a; struct device *d; u8 b[2]; };
            static int open(struct device *d) { struct own *o = get_data(d); *((u8 *)o + d->id) = 1; return 0; }
            const struct kops ops = { .open = open };
            """);
        Assert.Empty(slice.Pins());
        Assert.Equal(["device.driver_data Ptr own in", "device.id Bytes in", "own.a Bytes out", "own.b Bytes out"], slice.Rows());
    }

    [Fact]
    public void A_call_through_a_field_of_the_drivers_own_that_nobody_sets_is_never_reached()
    {
        var slice = SmallSlice.Of("""
            struct own { int (*never)(struct own *o); int (*set)(struct own *o); };
            static int other(struct own *o) { return 1; }
            static int open(struct device *d) { struct own *o = get_data(d); o->never = NULL; o->set = other; return o->never ? o->never(o) : o->set(o); }
            const struct kops ops = { .open = open };
            """);
        Assert.Empty(slice.Pins());
        Assert.Equal("User", slice.Half("open"));
    }

    [Fact]
    public void What_only_the_driver_passes_on_is_memory_of_its_own()
    {
        var slice = SmallSlice.Of("""
            struct own { struct plain *many; };
            static void put(struct own *o, struct plain *p) { o->many = p; }
            static int open(struct device *d) { put(get_data(d), kalloc(64)); return 0; }
            static int show(struct device *d, char *buf) { struct own *o = get_data(d); return o->many[d->id].a; }
            const struct kops ops = { .open = open, .show = show };
            """);
        Assert.Empty(slice.Pins());
        Assert.Contains("own.many PtrArray plain in", slice.Rows("show"));
    }

    [Fact]
    public void A_function_that_no_downcall_can_stand_for_is_in_both_halves_if_it_touches_only_its_arguments()
    {
        static SmallSlice Of(string body) => SmallSlice.Of($$"""
            struct info { int version; struct device *of; };
            static int counter;
            static int helped(struct info *i) { return i->version & 16; }
            static int is_new(struct info *i) { {{body}} }
            static int irq(struct device *d) { return is_new(get_data(d)); }
            static int open(struct device *d) { struct info i = { .version = d->id, .of = d }; return is_new(&i); }
            const struct kops ops = { .open = open, .irq = irq };
            """);
        var slice = Of("return helped(i) || i->version > 2;");
        Assert.Empty(slice.Pins());
        Assert.Equal(("User", "Kernel", "Kernel"), (slice.Half("open"), slice.Half("is_new"), slice.Half("helped")));
        Assert.Empty(slice.Plan.Downcalls);
        Assert.Equal(["DS0509 open"], Of("counter++; return helped(i);").Pins());
    }

    [Fact]
    public void What_a_local_function_stores_points_into_its_arguments()
    {
        var slice = SmallSlice.Of("""
            static int show(struct device *d, char *buf) { char *end; d->id = to_number(buf, &end); return *end; }
            const struct kops ops = { .show = show };
            """);
        Assert.Empty(slice.Pins());
        Assert.DoesNotContain(slice.Plan.Diagnostics, x => x.Severity == Severity.Error);
    }

    [Fact]
    public void A_live_variable_of_the_kernel_is_the_user_halfs_own()
    {
        var slice = SmallSlice.Of(
            "static int open(struct device *d) { d->id = jiffies; return 0; } const struct kops ops = { .open = open };",
            s => s with { Functions = s.Functions.Add(FunctionRule.Named("jiffies") with { Local = true }) });
        Assert.Empty(slice.Pins());
        Assert.DoesNotContain(slice.Plan.Symbols, s => s.Name == "jiffies");
        Assert.DoesNotContain(slice.Plan.Diagnostics, x => x.Severity == Severity.Error);
    }

    [Fact]
    public void Only_those_who_use_the_bytes_stay()
    {
        var slice = SmallSlice.Of("""
            struct own { u8 *bytes; };
            static int open(struct device *d) { struct own *o = get_data(d); o->bytes[d->id] = 1; return 0; }
            static int show(struct device *d, char *buf) { struct own *o = get_data(d); return use_opaque(o->bytes, NULL); }
            const struct kops ops = { .open = open, .show = show };
            """);
        Assert.Equal(["DS0515 open"], slice.Pins());
        Assert.Equal("User", slice.Half("show"));
    }

    [Fact]
    public void Dead_checks_of_the_compiler_are_no_downcalls() =>
        Assert.DoesNotContain(SmallSlice.Open("if (sizeof(*d) == 1) __compiletime_assert_7(); enable((struct pdev *)d);").Plan.Downcalls, d => d.Name.StartsWith("__compile", StringComparison.Ordinal));

    [Fact]
    public void A_record_by_value_may_be_filled_as_numbers()
    {
        var slice = SmallSlice.Open("struct own *o = get_data(d); u32 *p = (u32 *)&o->cookie; int i; for (i = 0; i < 2; i++) *(p + i) = i;", "struct own { int a; struct plain cookie; };");
        Assert.Empty(slice.Pins());
        Assert.DoesNotContain(slice.Plan.Diagnostics, x => x.Severity == Severity.Error);
        Assert.Contains("own.cookie Embed plain in", slice.Rows());
        Assert.Contains("plain.a Bytes out", slice.Rows());
    }

    [Fact]
    public void A_record_of_the_callers_stack_may_go_through_an_ops_table()
    {
        var slice = SmallSlice.Of("""
            struct inner { int (*dump)(struct device *d, struct plain *how, u32 *data); };
            static int dump(struct device *d, struct plain *how, u32 *data) { how->a = 1; return how->b; }
            static const struct inner table = { .dump = dump };
            struct own { const struct inner *ops; };
            static int open(struct device *d) { struct own *o = get_data(d); struct plain p = { 0 }; return o->ops->dump(d, &p, NULL); }
            const struct kops ops = { .open = open };
            """);
        Assert.DoesNotContain(slice.Plan.Diagnostics, x => x.Severity == Severity.Error);
    }

    [Theory]
    [InlineData("next(&copy); return 0;")]
    [InlineData("char *part = next(&copy); return part ? part[0] : 0;")]
    public void Text_that_is_cut_behind_the_address_of_a_pointer_is_brought(string body)
    {
        var slice = SmallSlice.Of(
            $$"""
            extern char *next(char **text);
            static int open(struct device *d) { char *copy = kalloc(8); {{body}} }
            const struct kops ops = { .open = open };
            """,
            specs => specs with { Functions = [.. specs.Functions, FunctionRule.Named("next") with { Local = true }] });
        Assert.Equal("User", slice.Half("open"));
        Assert.Equal(AllocationSite.Bytes, Assert.Single(slice.Plan.Sites).Type);
    }
}
