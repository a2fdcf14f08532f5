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

    private const string Frames = """
        struct init { u32 command; u32 flags; };
        struct raw { u32 words[2]; };
        struct frame { u32 first; struct init init; };
        struct own { struct frame *frame; ulong handle; };
        """;

    [Theory]
    [InlineData("((struct raw *)o->frame)->words[1] = 1;")]
    [InlineData("prepare(&o->frame->init);")]
    [InlineData("struct init *i = &o->frame->init; i->flags = 1;")]
    public void A_descriptor_is_no_less_mapped_when_it_is_seen_as_another_or_only_a_part_of_it(string body)
    {
        var slice = SmallSlice.Of(Frames + $$"""
            static void prepare(struct init *i) { i->flags = 1; }
            static int irq(struct device *d) { struct own *o = get_data(d); o->frame = alloc_coherent(d, 64, &o->handle); return 0; }
            static int open(struct device *d) { struct own *o = get_data(d); {{body}} return 0; }
            const struct kops ops = { .irq = irq, .open = open };
            """);
        Assert.Contains("DS0525 open", slice.Pins());
        Assert.Equal("Kernel", slice.Half("open"));
    }

    [Fact]
    public void Seen_so_by_who_mapped_it_nothing_of_it_travels()
    {
        var slice = SmallSlice.Open(
            "struct own *o = get_data(d); o->frame = alloc_coherent(d, 64, &o->handle); ((struct raw *)o->frame)->words[1] = 1; prepare(&o->frame->init);",
            Frames + "static void prepare(struct init *i) { i->flags = 1; }");
        Assert.Equal("User", slice.Half("open"));
        Assert.DoesNotContain(slice.Rows(), r => r.StartsWith("raw.", StringComparison.Ordinal) || r.StartsWith("init.", StringComparison.Ordinal));
        Assert.Empty(SliceChecks.Run(slice.Plan, slice.Specs));
    }

    [Fact]
    public void One_on_the_stack_is_not_handed_to_the_kernel_half()
    {
        var slice = SmallSlice.Of(Frames + """
            struct home { struct init *init; ulong handle; };
            static void query(struct device *d, struct init *out)
            {
                struct home *h = get_data(d);
                h->init = alloc_coherent(d, 64, &h->handle);
                asm volatile("cpuid" : : : "memory");
                *out = *h->init;
            }
            static int open(struct device *d) { struct init i; query(d, &i); return i.flags; }
            const struct kops ops = { .open = open };
            """);
        Assert.Contains("DS0509 open", slice.Pins());
    }
}
