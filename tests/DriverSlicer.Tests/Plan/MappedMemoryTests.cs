// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Plan;

/// <summary>Memory that the device writes to as well: nothing behind it travels, so it must be that and nothing else.</summary>
public sealed class MappedMemoryTests
{
    private const string Ring = """
        struct desc { u32 status; u32 buffer; };
        struct linked { u32 status; struct linked *next; };
        struct own { struct desc *ring; ulong handle; struct desc *any; struct desc inside; struct linked *list; u32 sum; };
        """;

    [Fact]
    public void Its_pages_are_mapped_and_the_handle_comes_back()
    {
        var slice = SmallSlice.Open("struct own *o = get_data(d); o->ring = alloc_coherent(d, 64, &o->handle); o->ring[d->id].status = 1;", Ring);
        Assert.Empty(slice.Pins());
        Assert.True(slice.Downcall("alloc_coherent").Result is { Kind: DownResultKind.Allocation, Coherent: true, Type: -1 });
        Assert.Equal(["own.ring PtrOpaque in out", "own.handle Bytes in"], slice.Rows().Where(r => r.StartsWith("own.", StringComparison.Ordinal)));
        Assert.DoesNotContain(slice.Rows(), r => r.StartsWith("desc.", StringComparison.Ordinal));
        Assert.Empty(slice.Plan.Sites);
    }

    [Fact]
    public void The_address_of_an_array_in_it_asks_nothing_of_the_plan()
    {
        var slice = SmallSlice.Open(
            "struct own *o = get_data(d); o->table = alloc_coherent(d, 64, &o->handle); u32 *t = o->table->bits; t[d->id >> 5] |= 1;",
            "struct table { u32 status; u32 bits[16]; };\nstruct own { struct table *table; ulong handle; };");
        Assert.Equal("User", slice.Half("open"));
        Assert.Empty(SliceChecks.Run(slice.Plan, slice.Specs));
    }

    [Theory]
    [InlineData("DS0526", "o->any = d->id ? o->ring : kalloc(8); o->any->status = 1;")]
    [InlineData("DS0526", "struct desc *p = &o->inside; p->status = 1;")]
    [InlineData("DS0525", "o->list = alloc_coherent(d, 64, &o->handle); o->list->next = NULL;")]
    [InlineData("DS0525", "o->ring = pool_alloc(d);")]
    [InlineData("DS0526", "d->id = reg_read(d->driver_data);")]
    [InlineData("DS0526", "d->id = io_read(d->driver_data);")]
    public void A_pointer_that_may_lead_elsewhere_keeps_its_function(string id, string body)
    {
        var slice = SmallSlice.Open($"struct own *o = get_data(d); o->ring = alloc_coherent(d, 64, &o->handle); o->ring->status = 1;\n{body}", Ring);
        Assert.Contains($"{id} open", slice.Pins());
        Assert.Equal("Kernel", slice.Half("open"));
    }

    [Theory]
    [InlineData("reg_read")]
    [InlineData("io_read")]
    public void Registers_that_the_kernel_half_mapped_the_process_does_not_see(string read)
    {
        var slice = SmallSlice.Of($$"""
            struct own { void *base; };
            static int irq(struct device *d) { struct own *o = get_data(d); o->base = map_registers(d); return 0; }
            static int open(struct device *d) { struct own *o = get_data(d); return {{read}}(o->base + 8); }
            const struct kops ops = { .irq = irq, .open = open };
            """);
        Assert.Equal(["DS0525 open"], slice.Pins());
    }

    [Fact]
    public void What_the_kernel_half_mapped_the_process_does_not_see()
    {
        var slice = SmallSlice.Of(Ring + """
            static int irq(struct device *d) { struct own *o = get_data(d); o->ring = alloc_coherent(d, 64, &o->handle); return 0; }
            static int open(struct device *d) { struct own *o = get_data(d); o->ring->status = 1; return 0; }
            static int show(struct device *d, char *buf) { struct own *o = get_data(d); return o->ring != NULL; }
            const struct kops ops = { .irq = irq, .open = open, .show = show };
            """);
        Assert.Equal(["DS0525 open"], slice.Pins());
        Assert.Equal("User", slice.Half("show"));
    }
}
