// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Plan;

/// <summary>Buffers whose length the interface tells when it calls.</summary>
public sealed class ArrayTests
{
    [Theory]
    [InlineData("data[d->id] = 1;", "Array (u64)(a1->b) * 4 out")]
    [InlineData("d->id = data[d->id];", "Array (u64)(a1->b) * 4 in")]
    [InlineData("memcpy(data, &d->id, how->b);", "Array (u64)(a1->b) * 4 out")]
    [InlineData("fill(d, (u8 *)data, how->b);", "Array (u64)(a1->b) * 4 in")]
    [InlineData("", "Opaque ")]
    public void Scalars_go_in_the_direction_of_their_use(string body, string pass) =>
        Assert.Equal(pass, Pass(Dump(body).Upcall("dump").Parameters[2]));

    [Fact]
    public void Bytes_at_constant_places_need_no_length() =>
        Assert.Equal("unsigned char[4]", Dump("memcpy(data, &d->id, 4);") is var slice ? slice.Type(slice.Upcall("dump").Parameters[2].Type) : "");

    [Fact]
    public void Records_are_visited_each()
    {
        var slice = SmallSlice.Of("""
            static int transfer(struct device *d, struct plain *all, int n) { int i; for (i = 0; i < n; i++) d->id += all[i].a; return 0; }
            const struct kops ops = { .transfer = transfer };
            """);
        Assert.Empty(slice.Pins());
        Assert.Equal("Array (u64)(a2) * 8", Pass(slice.Upcall("transfer").Parameters[1]));
        Assert.Equal("plain", slice.Type(slice.Upcall("transfer").Parameters[1].Type));
    }

    [Fact]
    public void The_kernel_half_makes_no_promise()
    {
        var slice = SmallSlice.Of("""
            static int dump(struct device *d, struct plain *how, u32 *data) { data[d->id] = 1; return 0; }
            static int irq(struct device *d) { static u32 x[1]; static struct plain p; return dump(d, &p, x); }
            static int show(struct device *d, char *buf) { return jiffies; }
            const struct kops ops = { .dump = dump, .show = show };
            static int open(struct device *d) { static struct plain p; static u32 x[4]; d->id = jiffies; return dump(d, &p, x); }
            const struct kops more = { .open = open };
            """);
        Assert.Contains("DS0512 dump", slice.Pins());
    }

    [Theory]
    [InlineData("data[d->id] = 1;")]
    [InlineData("memcpy(data, &d->id, how->b);")]
    public void The_second_opinion_misses_an_array_that_is_not_passed_as_one(string body)
    {
        var slice = Dump(body);
        Assert.Empty(SliceChecks.Run(slice.Plan, slice.Specs));
        foreach (var pass in new[] { new Pass(PassKind.Opaque, 8, -1), Broken(slice) })
            Assert.Contains(SliceChecks.Run(With(slice.Plan, pass), slice.Specs), d => d.Id == "DS0590");
    }

    private static Pass Broken(SmallSlice slice) => slice.Upcall("dump").Parameters[2] with { Length = null };

    private static SlicePlan With(SlicePlan plan, Pass pass) =>
        plan with { Upcalls = [.. plan.Upcalls.Select(u => u with { Parameters = u.Parameters.SetItem(2, pass) })] };

    private static SmallSlice Dump(string body) => SmallSlice.Of(
        $"static int dump(struct device *d, struct plain *how, u32 *data) {{ {body} return 0; }} const struct kops ops = {{ .dump = dump }};");

    private static string Pass(Pass pass) => $"{pass.Kind} {pass.Length}{(pass.In ? " in" : "")}{(pass.Out ? " out" : "")}";
}
