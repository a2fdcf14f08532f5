// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Tests.Plan;

public sealed class GlobalTests
{
    [Fact]
    public void Variables_travel_field_by_field_and_constants_do_not()
    {
        var slice = SmallSlice.Open("d->id = limit + table[2].b + state.a; state.b = 1;",
            "static int limit = 5; static struct plain state; static const struct plain table[4];");
        Assert.Equal(["device.id Bytes out", "limit Bytes in", "state.a Bytes in", "state.b Bytes out"], slice.Rows());
        Assert.Equal(["Data limit ", "Data state plain", "Const table plain"], Symbols(slice)[..3]);
    }

    [Fact]
    public void A_variable_whose_address_is_used_is_visited_in_place()
    {
        var slice = SmallSlice.Open("helper(&state); bump(&count);",
            "static struct plain state; static int count; static void helper(struct plain *p) { p->a = 1; }");
        Assert.Equal(["count Bytes in out", "plain.a Bytes out", "state Embed plain in"], slice.Rows().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Variables_behind_a_constant_table_travel_with_those_who_use_the_table()
    {
        var slice = SmallSlice.Open("*table[0].p = 1;", "static int one; struct entry { int *p; }; static const struct entry table[] = { { &one } };");
        Assert.Contains("one Bytes in out", slice.Rows());
    }

    [Fact]
    public void The_kernel_s_variables_are_known_by_address_only()
    {
        var slice = SmallSlice.Open("use_opaque(&jiffies, NULL);");
        Assert.Contains("Opaque jiffies ", Symbols(slice));
        Assert.Empty(slice.Rows());
    }

    [Fact]
    public void A_function_s_own_static_variable_is_a_variable_of_both_halves()
    {
        var slice = SmallSlice.Open("static int boards; d->id = boards++;");
        Assert.Equal(["device.id Bytes out", "boards Bytes in out"], slice.Rows());
    }

    [Fact]
    public void A_function_in_a_table_of_the_driver_s_own_is_no_entry_point()
    {
        var slice = SmallSlice.Open(
            "mine.f(d);", "static int f(struct device *d) { return 1; } struct own_ops { int (*f)(struct device *); }; static const struct own_ops mine = { .f = f };");
        Assert.Equal(["open"], slice.Plan.Upcalls.Select(u => u.Name));
        Assert.Equal("User", slice.Half("f"));
    }

    [Fact]
    public void Functions_that_are_stored_or_named_by_tables_are_symbols_of_both_halves()
    {
        var slice = SmallSlice.Of("""
            static int irq(struct device *d) { return 0; }
            static int open(struct device *d) { return register_it(NULL, d); }
            const struct kops ops = { .open = open, .irq = irq };
            """);
        Assert.Equal(["Function irq ", "Function open "], Symbols(slice).Where(s => s.StartsWith("Function", StringComparison.Ordinal)));
    }

    private static string[] Symbols(SmallSlice slice) => [.. slice.Plan.Symbols.Select(s => $"{s.Kind} {s.Name} {slice.Type(s.Type)}")];
}
