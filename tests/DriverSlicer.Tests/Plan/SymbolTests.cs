// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Tests.Plan;

public sealed class SymbolTests
{
    /// <summary>The first variable is named by the second only, and that one by what follows: both are tables of the user half's text.</summary>
    [Fact]
    public void What_a_macro_declares_is_a_symbol_wherever_in_the_text_it_is_named()
    {
        var slice = SmallSlice.Of("""
            extern struct device the_module;
            struct table { struct device *owner; };
            struct user { const struct table *table; };
            #define DECLARE(name) \
                static const struct table name##_table = { .owner = &the_module }; \
                static struct user name##_user = { .table = &name##_table }
            DECLARE(first);
            static struct user *const all[] = { &first_user };
            static int open(struct device *d) { return all[0]->table->owner == d; }
            const struct kops ops = { .open = open };
            """);
        var names = slice.Plan.Symbols.Select(s => s.Name).ToArray();
        Assert.Contains("first_user", names);
        Assert.Contains("first_table", names);
        Assert.Contains("the_module", names);
    }

    /// <summary>The address goes nowhere, but what comes of the comparison depends on it.</summary>
    [Fact]
    public void An_address_that_is_only_compared_is_a_symbol()
    {
        var slice = SmallSlice.Open("d->id = d->parent == &the_bus;", "extern struct device the_bus;");
        Assert.Contains("the_bus", slice.Plan.Symbols.Select(s => s.Name));
    }
}
