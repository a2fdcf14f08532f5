// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Plan;

/// <summary>Each construct that cannot be marshaled keeps its function in the kernel half, and says so.</summary>
public sealed class PinTests
{
    [Theory]
    [InlineData("DS0501", "static void *labels[] = { &&here }; goto *labels[d->id]; here: ;")]
    [InlineData("DS0502", "asm volatile(\"cli\");")]
    [InlineData("DS0503", "((struct kops *)d->driver_data)->work(d);")]
    [InlineData("DS0504", "u32 *p = (u32 *)(ulong)d->id; *p = 1;")]
    [InlineData("DS0505", "struct plain *p = (struct plain *)((char *)d + d->id); p->a = 1;")]
    [InlineData("DS0505", "*(void **)((char *)d + d->id) = NULL;")]
    [InlineData("DS0506", "d->id = jiffies;")]
    [InlineData("DS0507", "static struct { int n; } s; d->id = s.n++;")]
    [InlineData("DS0508", "do_once(d);")]
    [InlineData("DS0509", "struct device other = { 0 }; get_device(d, &other);")]
    [InlineData("DS0510", "struct mine *m = get_data(d); read_config((struct pdev *)d, 1, m->bytes);")]
    [InlineData("DS0511", "variable(d, 1);")]
    [InlineData("DS0503", "callback(d, an_inline, NULL);")]
    [InlineData("DS0509", "struct mine m = { 0 }; fill(d, (u8 *)&m, sizeof(m));")]
    [InlineData("DS0514", "struct pdev *p = find_pdev(3); p[d->id].vendor = 1;")]
    [InlineData("DS0516", "struct mine *m = get_data(d); m->whole.n = 1; union either *e = &m->whole; e->p = NULL;")]
    [InlineData("DS0520", "struct later *l = d->driver_data; struct plain *p = (struct plain *)l; p->a = 1;")]
    [InlineData("DS0513", "void *p = kalloc(8); struct plain *a = p; a->a = 1; struct list *b = p; b->next = NULL;")]
    [InlineData("DS0514", "d->id = *find_bytes(1);")]
    [InlineData("DS0515", "struct mine *m = get_data(d); d->id = m->bytes[d->id];")]
    [InlineData("DS0515", "struct mine *m = get_data(d); m->many[d->id].a = 1;")]
    [InlineData("DS0515", "struct plain *p = kalloc(16); p[d->id].a = 1;")]
    [InlineData("DS0516", "struct mine *m = get_data(d); m->plain = m->pointer->a;")]
    [InlineData("DS0516", "struct mine *m = get_data(d); m->whole = m->other->whole;")]
    [InlineData("DS0517", "struct pdev *p; out_pointer(d, &p); p->vendor = 1;")]
    [InlineData("DS0518", "message(d, MACRO_FORMAT, d->parent);")]
    [InlineData("DS0519", "struct mine *m = get_data(d); m->open_ended[d->id] = 1;")]
    [InlineData("DS0521", "struct mine *m = get_data(d); m->bytes = (u8 *)\"literal\";")]
    [InlineData("DS0522", "struct mine *m = get_data(d); m->number = (ulong)d;")]
    [InlineData("DS0523", "struct mine *m = get_data(d); struct plain p; m->many = &p;")]
    [InlineData("DS0524", "enable((struct pdev *)d);")]
    public void Constructs_without_a_sound_plan_stay(string id, string body)
    {
        const string mine = """
            union either { struct plain *p; ulong n; };
            struct mine { int (*unknown)(void); u8 *bytes; struct plain *many; ulong number; union { struct plain *pointer; int plain; }; union either whole;
                          struct mine *other; u8 open_ended[]; };
            #define do_once(d) ({ static int __key; __key++; (d)->id = __key; })
            #define MACRO_FORMAT "%pR"
            """;
        var slice = SmallSlice.Of(
            $"{mine}\nstatic int open(struct device *d)\n{{\n{body}\nreturn 0;\n}}\nconst struct kops ops = {{ .open = open }};",
            s => s with { Functions = s.Functions.Add(FunctionRule.Named("enable") with { Pin = "not today" }) });

        Assert.Equal([$"{id} open"], slice.Pins());
        Assert.Equal("Kernel", slice.Half("open"));
        var pin = slice.Plan.Diagnostics.First(d => d.Id == id);
        Assert.Equal(("d.c", mine.Split('\n').Length + 4), (pin.Location.File, pin.Location.Line));
        Assert.NotEmpty(pin.Next);
        Assert.Empty(slice.Plan.Upcalls);
        Assert.DoesNotContain(slice.Plan.Diagnostics, d => d.Severity == Severity.Error);
    }

    [Theory]
    [InlineData("work", "void *cookie", "u8 *p = cookie; p[p[0]] = 1;")]
    [InlineData("open", "struct device *d", "d[d->id].id = 1;")]
    public void Buffers_of_unknown_length_keep_an_entry_point(string member, string parameter, string body)
    {
        var slice = SmallSlice.Of($"static int f({parameter}) {{ {body} return 0; }} const struct kops ops = {{ .{member} = f }};");
        Assert.Equal(["DS0512 f"], slice.Pins());
    }

    [Fact]
    public void What_stands_in_an_inline_is_laid_on_its_callers()
    {
        var slice = SmallSlice.Of("""
            struct mine { u8 *bytes; };
            static int helper(struct mine *m) { bump((int *)m->bytes); bump((int *)m->bytes + m->bytes[1]); return 0; }
            static int open(struct device *d) { return helper(get_data(d)); }
            const struct kops ops = { .open = open };
            """);
        Assert.Equal(["DS0515 helper"], slice.Pins());
        Assert.Equal("User", slice.Half("open"));
    }

    [Fact]
    public void A_pin_makes_crossings_that_may_need_other_pins()
    {
        // helper stays for jiffies; then open would have to hand a record of its stack, with pointers in it, to the kernel half.
        var slice = SmallSlice.Of("""
            static int helper(struct device *d, struct device *other) { other->parent = d; return jiffies; }
            static int open(struct device *d) { struct device other = { 0 }; return helper(d, &other); }
            static int show(struct device *d, char *buf) { return open(d); }
            const struct kops ops = { .show = show };
            """);
        Assert.Equal(["DS0506 helper", "DS0509 open"], slice.Pins());
        Assert.Equal("User", slice.Half("show"));
    }

    [Theory]
    [InlineData("asm volatile(\"mfence\");")]
    [InlineData("struct device *p = d->parent; if (p == NULL) d->id = 1;")]
    [InlineData("message(d, \"%p\", d->parent);")]
    [InlineData("message(d, \"%pM\", ((struct mine *)d->driver_data)->mac);")]
    [InlineData("static int once; d->id = once++;")]
    [InlineData("struct plain p = { 0 }; get_plain(d, &p); d->id = p.a;")]
    public void Harmless_constructs_move(string body) =>
        Assert.Empty(SmallSlice.Open(body, "struct mine { const u8 *mac; };").Pins());

    /// <summary>Found in the wild: an interrupt of a virtio driver's entered the process, since the table of its callbacks was on the heap.</summary>
    [Theory]
    [InlineData("int (*table[2])(struct device *); table[0] = done; find_queues(d, table);")]
    [InlineData("int (*table[2])(struct device *); table[0] = done; hand_on(d, table);")]
    [InlineData("int (**table)(struct device *) = kalloc(16); table[0] = done; find_queues(d, table);")]
    // To a callee that nobody knows.
    [InlineData("hooks[d->id](d, done);")]
    [InlineData("int (**table)(struct device *) = kalloc(16); *table = done; find_queues(d, table); done(d);")]
    public void What_a_function_in_a_table_of_unknown_use_reaches_stays(string body)
    {
        var slice = SmallSlice.Of(
            "extern int find_queues(struct device *d, int (**table)(struct device *)); extern void (*hooks[2])(struct device *d, int (*f)(struct device *));\nstatic int helper(struct device *d) { return d->id; }\n"
            + "static int done(struct device *d) { return helper(d); }\n"
            + "static int hand_on(struct device *d, int (**table)(struct device *)) { return find_queues(d, table); }\n"
            + $"static int open(struct device *d)\n{{\n{body}\nreturn helper(d);\n}}\nconst struct kops ops = {{ .open = open }};");

        Assert.All(["helper", "done"], name => Assert.Equal(DriverSlicer.Model.Half.Kernel, slice.Plan.Functions.Single(f => f.Name == name).Half));
    }
}
