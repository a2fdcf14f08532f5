// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Plan;

public sealed class EntryTests
{
    [Fact]
    public void A_cookie_is_what_the_function_turns_it_into()
    {
        var slice = SmallSlice.Of("static int work(void *c) { struct plain *p = c; return p->a; } const struct kops ops = { .work = work };");
        Assert.Equal("Object plain", Pass(slice, "work", 0));
    }

    [Fact]
    public void A_cookie_with_two_meanings_goes_by_its_run_time_type()
    {
        var slice = SmallSlice.Of("""
            static int work(void *c) { struct plain *p = c; struct device *d = c; return p->a + d->id; }
            const struct kops ops = { .work = work };
            """);
        Assert.Equal("Any ", Pass(slice, "work", 0));
    }

    [Fact]
    public void A_buffer_whose_length_the_interface_promises_is_a_block_of_bytes()
    {
        var slice = SmallSlice.Of("static int show(struct device *d, char *buf) { buf[d->id] = 1; return 0; } const struct kops ops = { .show = show };");
        Assert.Equal("Object unsigned char[64]", Pass(slice, "show", 1));
        Assert.Contains("unsigned char[64]. Bytes out", slice.Rows("show"));
    }

    [Fact]
    public void Entry_points_are_the_stored_functions_and_those_that_the_kernel_half_calls()
    {
        var slice = SmallSlice.Of("""
            static int inner(struct device *d) { return d->id; }
            static int shared(struct device *d) { return inner(d); }
            static int back(void *c) { return 0; }
            static int open(struct device *d) { callback(d, back, NULL); d->id = jiffies; return shared(d); }
            static int show(struct device *d, char *buf) { return shared(d); }
            const struct kops ops = { .open = open, .show = show };
            """, s => s with { Entries = s.Entries.Add(s.Entries[0] with { Key = "callback#1" }) });
        Assert.Equal("Kernel", slice.Half("open"));
        Assert.Equal(["back", "shared", "show"], slice.Plan.Upcalls.Select(u => u.Name).Order());
    }

    [Fact]
    public void What_happens_on_death_is_the_rule_of_all_places_or_else_an_error()
    {
        static KernelSpecs Undo(KernelSpecs s) => s with { Entries = s.Entries.Replace(s.Entries[0], s.Entries[0] with { OnDeath = DeathRule.Undo }) };
        const string text = "static int f(struct device *d) { return d->id; }";
        Assert.Equal(DeathRule.Undo, SmallSlice.Of(text + "const struct kops ops = { .open = f };", Undo).Upcall("f").OnDeath);
        var other = SmallSlice.Of(
            text + "const struct kops ops = { .open = f }; struct more { int (*m)(struct device *); }; const struct more m = { .m = f };",
            s => Undo(s) with { Entries = Undo(s).Entries.Add(s.Entries[0] with { Key = "struct more.m" }) });
        Assert.Equal(DeathRule.Fail, other.Upcall("f").OnDeath);
    }

    private static string Pass(SmallSlice slice, string name, int index) =>
        slice.Upcall(name).Parameters[index] is var pass ? $"{pass.Kind} {slice.Type(pass.Type)}" : "";
}
