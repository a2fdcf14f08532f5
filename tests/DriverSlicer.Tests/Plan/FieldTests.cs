// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Plan;

/// <summary>Which fields travel, in which direction, as what.</summary>
public sealed class FieldTests
{
    private const string Own = """
        struct core { int state; ulong flags; };
        struct own { struct core core; struct device *dev; int count; u8 mac[6]; u16 regs[4]; struct plain pairs[3]; int low : 3, high : 20; void *base; };
        """;

    [Fact]
    public void Reads_travel_in_and_writes_travel_back()
    {
        var slice = SmallSlice.Open("struct own *o = get_data(d); o->core.state = o->count; o->core.flags |= 4;", Own);
        Assert.Equal(
            ["device.driver_data Ptr own in", "own.core.state Bytes out", "own.core.flags Bytes in out", "own.count Bytes in"], slice.Rows());
        Assert.Empty(slice.Pins());
    }

    [Fact]
    public void Fields_of_functions_that_are_called_travel_too_but_not_those_behind_a_downcall()
    {
        var slice = SmallSlice.Of(Own + """
            static int stays(struct device *d) { d->id = 1; return 0; }
            static int helper(struct own *o) { return o->count; }
            static int open(struct device *d) { stays(d); return helper(get_data(d)); }
            const struct kops ops = { .open = open, .irq = stays };
            """);
        Assert.Equal("Kernel", slice.Half("stays"));
        Assert.Equal(["device.driver_data Ptr own in", "own.count Bytes in"], slice.Rows());
        Assert.Equal("Driver", slice.Downcall("stays").Kind.ToString());
    }

    [Fact]
    public void A_container_is_derived_at_its_distance()
    {
        var slice = SmallSlice.Open("container_of(d, struct two, inner)->n = 1;", "struct two { int n; struct device inner; };");
        Assert.Equal(["device -> two at -8", "two.n Bytes out"], slice.Rows());
    }

    [Fact]
    public void A_private_area_is_derived_through_the_inline_that_finds_it()
    {
        var slice = SmallSlice.Open("struct own *o = priv((struct pdev *)d); o->count = 1;", Own);
        var size = slice.Plan.Types.Single(t => t.Spelling == "struct pdev").Size;
        Assert.Equal([$"device -> pdev at 0", "own.count Bytes out", $"pdev -> own at {size}"], slice.Rows());
    }

    [Fact]
    public void An_address_that_goes_straight_to_the_kernel_brings_nothing()
    {
        var slice = SmallSlice.Open("struct own *o = get_data(d); name_it(o->dev, \"x\"); get_device(d, &((struct pdev *)o->base)->dev);", Own);
        Assert.Equal(["device.driver_data Ptr own in", "own.dev Ptr device in", "own.base PtrOpaque pdev in"], slice.Rows());
    }

    [Fact]
    public void A_member_record_whose_address_is_used_is_visited_in_place()
    {
        var slice = SmallSlice.Of(Own + """
            static void helper(struct core *c) { c->state = 3; }
            static int open(struct device *d) { struct own *o = get_data(d); helper(&o->core); return 0; }
            const struct kops ops = { .open = open };
            """);
        Assert.Equal(["core.state Bytes out", "device.driver_data Ptr own in", "own.core Embed core in"], slice.Rows());
        Assert.Contains(slice.Plan.Types.Single(t => t.Spelling == "struct own").Embeds, e => e.Offset == 0 && slice.Type(e.Type) == "core");
    }

    [Fact]
    public void What_an_inline_does_through_a_member_s_address_is_done_to_the_member()
    {
        var slice = SmallSlice.Open("struct own *o = get_data(d); bump(&o->count); bit(3, &o->core.flags);", Own);
        Assert.Equal(["device.driver_data Ptr own in", "own.core.flags Bytes in", "own.count Bytes in out"], slice.Rows());
    }

    [Fact]
    public void Arrays_travel_whole_where_the_index_varies()
    {
        var slice = SmallSlice.Open("struct own *o = get_data(d); o->regs[d->id] = o->mac[d->id]; o->pairs[d->id].b = 1; o->pairs[2].a = 1;", Own);
        Assert.Equal(
            ["device.driver_data Ptr own in", "device.id Bytes in", "own.mac Bytes in", "own.regs[0] x4 Bytes out", "own.pairs[0].b x3 Bytes out",
                "own.pairs[2].a Bytes out"],
            slice.Rows());
    }

    [Fact]
    public void The_address_of_one_element_leads_to_its_neighbours()
    {
        var slice = SmallSlice.Open("struct own *o = get_data(d); struct plain *p = &o->pairs[0]; p++; p->a = 1;", Own);
        Assert.Equal(["device.driver_data Ptr own in", "own.pairs[0] x3 Embed plain in", "plain.a Bytes out"], slice.Rows());
    }

    [Fact]
    public void Out_parameters_are_written_where_they_point()
    {
        var slice = SmallSlice.Of(Own + """
            static void find(struct device **where, struct device *d) { *where = d->parent; }
            static int open(struct device *d) { struct own *o = get_data(d); struct device *l; find(&o->dev, d); find(&l, d); l->id = 2; return scan("7", "%d", &o->count); }
            const struct kops ops = { .open = open };
            """);
        Assert.Equal(
            ["device.driver_data Ptr own in", "device.parent Ptr device in", "device.id Bytes out", "own.dev Ptr device out", "own.count Bytes in out"],
            slice.Rows());
    }

    [Fact]
    public void A_pointer_to_a_block_that_is_stored_is_only_checked()
    {
        var slice = SmallSlice.Open("struct mine *m = get_data(d); d->id = *(u32 *)m->mac; m->mac = m->other;", "struct mine { const u8 *mac, *other; };");
        Assert.Equal(
            ["device.driver_data Ptr mine in", "device.id Bytes out", "mine.mac Ptr unsigned char[4] in", "mine.mac PtrOpaque out",
                "mine.other PtrOpaque in", "unsigned char[4]. Bytes in"],
            slice.Rows());
    }

    [Fact]
    public void Bit_fields_travel_as_their_smallest_storage_unit()
    {
        var slice = SmallSlice.Open("struct own *o = get_data(d); o->low = 1; o->high = 2;", Own);
        Assert.Equal(["device.driver_data Ptr own in", "own.low Bits out", "own.high Bits out"], slice.Rows());
        Assert.Equal([1, 4], slice.Upcall().Visits[1].Fields.Select(f => f.Size));
    }

    [Fact]
    public void Whole_records_travel_leaf_by_leaf()
    {
        var slice = SmallSlice.Open("struct own *o = get_data(d); struct pdev *p = o->base; memset(&o->core, 0, sizeof(o->core)); p->dev = *d;", Own);
        Assert.Equal(
            ["core.state Bytes out", "core.flags Bytes out", "device.driver_data Ptr own in", "device.parent Ptr device in", "device.name PtrOpaque in",
                "device.id Bytes in", "own.core Embed core in", "own.base Ptr pdev in", "pdev.dev.driver_data Ptr own out", "pdev.dev.parent Ptr device out",
                "pdev.dev.name PtrOpaque out", "pdev.dev.id Bytes out"],
            slice.Rows());
    }

    private const string Either = "if (d->id) { struct own *o = get_data(d); o->count = 1; } else { struct core *c = get_data(d); c->state = 1; } return 0;";

    [Fact]
    public void A_field_that_holds_two_records_is_visited_by_run_time_type()
    {
        var slice = SmallSlice.Of($$"""
            {{Own}}
            static int open(struct device *d) { {{Either}} }
            static int show(struct device *d, char *buf)
            {
                struct own *o = kalloc(sizeof(*o));
                struct core *c = kalloc(sizeof(*c));
                if (d->id) set_data(d, o); else set_data(d, c);
                return 0;
            }
            const struct kops ops = { .open = open, .show = show };
            """);
        Assert.Equal(["core.state Bytes out", "device.driver_data PtrAny in", "device.id Bytes in", "own.count Bytes out"], slice.Rows());
    }

    [Fact]
    public void A_field_that_holds_two_records_stays_where_no_allocation_tells_which()
    {
        var slice = SmallSlice.Open(Either, Own);
        Assert.Equal(["DS0505 open"], slice.Pins());
        Assert.Contains(slice.Plan.Diagnostics, d => d.Message.EndsWith("leads to struct core or struct own, and nothing tells when to struct own", StringComparison.Ordinal));
    }

    [Fact]
    public void An_entry_point_that_takes_a_field_for_one_record_visits_that_one()
    {
        var slice = SmallSlice.Of($$"""
            {{Own}}
            static int open(struct device *d) { struct own *o = get_data(d); o->count = 1; return 0; }
            static int show(struct device *d, char *buf) { struct core *c = get_data(d); return c->state; }
            static int dump(struct device *d, struct plain *how, u32 *data) { struct own *o = get_data(d); o->count = 1; set_data(d, &o->core); return 0; }
            static int transfer(struct device *d, struct plain *all, int n) { struct own *o = get_data(d); return use_opaque(o, NULL); }
            const struct kops ops = { .open = open, .show = show, .dump = dump, .transfer = transfer };
            """);
        Assert.Equal(["device.driver_data PtrAny own in", "own.count Bytes out"], slice.Rows());
        Assert.Equal(["core.state Bytes in", "device.driver_data PtrAny core in"], slice.Rows("show"));
        // What is stored is another record than what is taken out: it is only checked to be a known one.
        Assert.Equal(["device.driver_data PtrOpaque out", "device.driver_data PtrAny own in"], slice.Rows("dump").Where(r => r.StartsWith("device.driver_data", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Reverse());
        Assert.Equal(["device.driver_data PtrOpaque own in"], slice.Rows("transfer"));
    }

    [Fact]
    public void Strings_and_functions_are_known_by_their_use()
    {
        var slice = SmallSlice.Open(
            "struct mine *m = get_data(d); message(d, \"%s %d\", d->name, m->f(d)); m->label = \"label\";",
            "struct mine { int (*f)(struct device *); const char *label; }; static int f(struct device *d) { return 0; } const struct mine table = { .f = f };");
        Assert.Equal(["device.driver_data Ptr mine in", "device.name PtrString in", "mine.f PtrFunc in", "mine.label PtrString out"], slice.Rows());
    }

    [Fact]
    public void A_window_that_ends_with_its_device_says_which_device()
    {
        var slice = SmallSlice.Of(
            Own + "static int open(struct device *d) { struct own *o = get_data(d); o->base = map_registers(d); return 0; } const struct kops ops = { .open = open };",
            specs => specs with { Functions = [.. specs.Functions.Where(f => f.Name != "map_registers"), FunctionRule.Named("map_registers") with { MmioSize = "64", AllocDevice = "a0" }] });
        Assert.Equal(("64", "a0"), (slice.Downcall("map_registers").Result.Size, slice.Downcall("map_registers").Result.Device));
    }

    [Fact]
    public void Registers_are_mapped_and_only_their_address_travels()
    {
        var slice = SmallSlice.Open("struct own *o = get_data(d); o->base = map_registers(d); o->count = reg_read(o->base + 8);", Own);
        Assert.Equal(["device.driver_data Ptr own in", "own.count Bytes out", "own.base PtrOpaque in out"], slice.Rows());
        Assert.Equal("Mmio", slice.Downcall("map_registers").Result.Kind.ToString());
    }

    [Fact]
    public void Arrays_and_bytes_of_own_allocations_have_a_length_at_run_time()
    {
        const string mine = "struct mine { struct plain *pairs; u8 *bytes; int n; };";
        var slice = SmallSlice.Of(mine + """
            static int open(struct device *d)
            {
                struct mine *m = kalloc(sizeof(*m));
                m->pairs = kalloc(10 * sizeof(*m->pairs));
                m->bytes = kalloc(100);
                set_data(d, m);
                return 0;
            }
            static int work(void *cookie) { struct mine *m = cookie; m->pairs[m->n].a = m->bytes[m->n]; return 0; }
            const struct kops ops = { .open = open, .work = work };
            """);
        Assert.Equal(["mine.pairs PtrArray plain in", "mine.bytes PtrBytes in", "mine.n Bytes in", "plain.a Bytes out"], slice.Rows("work"));
        Assert.Equal(["mine", "plain"], slice.Plan.Sites.Select(s => slice.Type(s.Type)));
        Assert.Equal([4, 5], slice.Plan.Sites.Select(s => s.Line));
    }

    [Fact]
    public void Bytes_at_constant_places_travel_although_their_length_is_not_known()
    {
        var slice = SmallSlice.Open("struct mine *m = get_data(d); d->id = *(u32 *)(m->mac + 2);", "struct mine { const u8 *mac; };");
        Assert.Equal(["device.driver_data Ptr mine in", "device.id Bytes out", "mine.mac Ptr unsigned char[6] in", "unsigned char[6]. Bytes in"], slice.Rows());
    }

    [Fact]
    public void Members_of_anonymous_members_keep_their_designators()
    {
        var slice = SmallSlice.Open("struct mine *m = get_data(d); m->lo = m->other;", "struct mine { int x; union { u32 word; struct { u16 lo, hi; }; }; struct { int other; }; };");
        Assert.Equal(["device.driver_data Ptr mine in", "mine.lo Bytes out", "mine.other Bytes in"], slice.Rows());
    }
}
