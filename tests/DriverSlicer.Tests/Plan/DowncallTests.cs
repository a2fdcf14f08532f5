// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Plan;

public sealed class DowncallTests
{
    [Theory]
    [InlineData("u8 v; read_config((struct pdev *)d, 3, &v);", "read_config", "Object pdev, Scalar, Buffer 1 in out")]
    [InlineData("u8 v[16]; read_config((struct pdev *)d, 3, v);", "read_config", "Object pdev, Scalar, Buffer 16 in out")]
    [InlineData("u8 v[16]; fill(d, v, 16);", "fill", "Object device, Buffer a2 out, Scalar")]
    [InlineData("name_it(d, \"x\");", "name_it", "Object device, StringKept")]
    [InlineData("message(d, \"%d\", d->id);", "message", "Object device, Format")]
    [InlineData("struct plain p; get_plain(d, &p);", "get_plain", "Object device, Buffer 8 in out")]
    [InlineData("struct plain *p = d->driver_data; get_plain(d, p);", "get_plain", "Object device, Object plain")]
    [InlineData("use_opaque(d, NULL);", "use_opaque", "Opaque, Opaque")]
    [InlineData("register_it(NULL, d);", "register_it", "Object kops, Object device")]
    public void Arguments_follow_the_prototype_and_what_callers_pass(string body, string function, string expected)
    {
        var slice = SmallSlice.Open(body);
        Assert.Equal(expected, string.Join(", ", slice.Downcall(function).Parameters.Select(p => Text(slice, p))));
        Assert.Empty(slice.Pins());
    }

    [Theory]
    [InlineData("struct pdev *p = find_pdev(1); p->vendor = 1;", "find_pdev", "Object pdev")]
    [InlineData("name_it(d, find_name(1));", "find_name", "String ")]
    [InlineData("struct plain *p = kalloc(8); p->a = 1;", "kalloc", "Allocation ")]
    [InlineData("if (find_bytes(1)) d->id = 1;", "find_bytes", "Opaque ")]
    public void Results_follow_the_prototype(string body, string function, string expected)
    {
        var slice = SmallSlice.Open(body);
        var result = slice.Downcall(function).Result;
        Assert.Equal(expected, $"{result.Kind} {slice.Type(result.Type)}");
        Assert.Empty(slice.Pins());
    }

    [Fact]
    public void An_inline_that_is_not_local_is_one_downcall_as_a_whole()
    {
        var slice = SmallSlice.Open(
            "struct mine *m = get_data(d); atomic_bit(1, &m->flags); bit(1, &m->flags);", "struct mine { ulong flags; };");
        Assert.Equal(DowncallKind.Inline, slice.Downcall("atomic_bit").Kind);
        Assert.Equal(["atomic_bit"], slice.Plan.Downcalls.Select(d => d.Name));
        Assert.Equal(["device.driver_data Ptr mine in", "mine.flags Bytes in"], slice.Rows());
    }

    [Fact]
    public void A_string_is_kept_unless_a_rule_knows_the_function_and_does_not_say_so()
    {
        DownParameterKind Of(string text, params FunctionRule[] rules) => SmallSlice.Of(
            $"static int open(struct device *d) {{ return name_it(d, {text}); }} const struct kops ops = {{ .open = open }};",
            s => s with { Functions = s.Functions.AddRange(rules) }).Downcall("name_it").Parameters[1].Kind;

        var known = FunctionRule.Named("name_it");
        Assert.Equal(DownParameterKind.String, Of("d->name", known));
        Assert.Equal(DownParameterKind.StringKept, Of("d->name", known with { Keeps = [1] }));
        Assert.Equal(DownParameterKind.StringKept, Of("d->name"));
        Assert.Equal(DownParameterKind.StringKept, Of("\"x\"", known));
    }

    [Fact]
    public void An_entry_lists_what_its_own_text_leads_to_and_no_more()
    {
        var slice = SmallSlice.Of("""
            static int deep(struct device *d) { return enable((struct pdev *)d); }
            static int open(struct device *d) { return deep(d); }
            static int show(struct device *d, char *buf) { disable((struct pdev *)d); return 0; }
            const struct kops ops = { .open = open, .show = show };
            """);
        Assert.Equal(["enable"], CallsOf(slice, "open"));
        Assert.Equal(["disable"], CallsOf(slice, "show"));
    }

    [Fact]
    public void What_a_function_pointer_can_name_is_on_the_list()
    {
        var slice = SmallSlice.Of("""
            typedef int step_t(struct pdev *);
            static int one(struct pdev *p) { return enable(p); }
            static int two(struct pdev *p) { disable(p); return 0; }
            static step_t *const steps[] = { one, two };
            static int open(struct device *d) { return steps[d->id & 1]((struct pdev *)d); }
            const struct kops ops = { .open = open };
            """);
        Assert.Equal(["disable", "enable"], CallsOf(slice, "open").Order());
    }

    [Fact]
    public void A_sleeping_lock_is_owed_by_the_upcall_and_undone_by_its_release()
    {
        var slice = SmallSlice.Of("""
            static int open(struct device *d) { int e = enable((struct pdev *)d); disable((struct pdev *)d); return e; }
            const struct kops ops = { .open = open };
            """,
            s => s with { Pairs = [new PairRule("enable", "zero", "disable", ["a0"]) { Lock = true, Once = true }] });
        Assert.True(Assert.Single(slice.Downcall("enable").Acquires).Lock);
        var release = slice.Downcall("disable");
        Assert.True(release is { Unlocks: true, IsRelease: false, Consumes: false, Undoes: true });
    }

    [Theory]
    [InlineData("disable(p);", false)]
    [InlineData("disable(p); enable(p);", true)]
    public void A_lock_that_the_kernel_half_gives_back_for_the_user_half_is_not_tracked(string helper, bool tracked)
    {
        var slice = SmallSlice.Of(
            $$"""
            static void helper(struct pdev *p) { {{helper}} }
            static int irq(struct device *d) { helper((struct pdev *)d); return 0; }
            static int open(struct device *d) { enable((struct pdev *)d); helper((struct pdev *)d); disable((struct pdev *)d); return 0; }
            const struct kops ops = { .open = open, .irq = irq };
            """,
            s => s with { Pairs = [new PairRule("enable", "zero", "disable", ["a0"]) { Lock = true }] });
        Assert.Equal(DowncallKind.Driver, slice.Downcall("helper").Kind);
        Assert.Equal((tracked, tracked), (slice.Downcall("enable").Acquires.Any(p => p.Lock), slice.Downcall("disable").Unlocks));
    }

    [Fact]
    public void A_late_release_can_be_made_by_the_runtime()
    {
        var slice = SmallSlice.Of("""
            static int open(struct device *d) { disable((struct pdev *)d); return 0; }
            const struct kops ops = { .open = open };
            """,
            s => s with { Functions = s.Functions.Add(FunctionRule.Named("disable") with { Frees = 0, Late = new LateRule("a0 != 0", "f(a0)") }) });
        Assert.True(slice.Downcall("disable") is { Late.First: "f(a0)", Undoes: true, IsRelease: false });
    }

    [Fact]
    public void What_an_argument_must_satisfy_is_asked_in_the_handler_before_anything_happens()
    {
        var slice = SmallSlice.Of("""
            static int open(struct device *d) { return enable((struct pdev *)d); }
            const struct kops ops = { .open = open };
            """,
            s => s with { Functions = s.Functions.Add(FunctionRule.Named("enable") with { Requires = "a0->vendor < 7" }) });
        Assert.Equal("a0->vendor < 7", slice.Downcall("enable").Requires);
    }

    [Theory]
    [InlineData("disable(p);", "disable", true)]
    [InlineData("enable(p);", "enable", true)]
    [InlineData("find_pdev(1);", "find_pdev", false)]
    [InlineData("u8 v; read_config(p, 1, &v);", "read_config", false)]
    [InlineData("kfree(d->driver_data);", "kfree", false)]
    [InlineData("kalloc(8);", "kalloc", false)]
    [InlineData("struct mine { ulong flags; } *m = get_data(d); atomic_bit(1, &m->flags);", "atomic_bit", true)]
    [InlineData("looks(p);", "looks", false)]
    [InlineData("sets(p);", "sets", true)]
    [InlineData("ends(p);", "ends", true)]
    [InlineData("finds(p);", "finds", false)]
    public void A_call_of_which_nothing_is_known_is_a_step_of_a_teardown(string body, string function, bool step)
    {
        var slice = SmallSlice.Of($$"""
            static int looks(struct pdev *p) { return p->vendor; }
            static int sets(struct pdev *p) { p->vendor = 1; return 0; }
            static int ends(struct pdev *p) { disable(p); return 0; }
            static struct pdev *finds(struct pdev *p) { p->vendor = 1; return p; }
            static int irq(struct device *d) { struct pdev *p = (struct pdev *)d; finds(p); return looks(p) + sets(p) + ends(p); }
            static int open(struct device *d) { struct pdev *p = (struct pdev *)d; {{body}} return 0; }
            const struct kops ops = { .open = open, .irq = irq };
            """);
        Assert.Equal(step, slice.Downcall(function).Step);
    }

    [Theory]
    [InlineData("pure")]
    [InlineData("repeatable")]
    [InlineData("lock")]
    [InlineData("pair")]
    [InlineData("consumes")]
    public void What_is_known_is_none(string how)
    {
        var rule = FunctionRule.Named("disable");
        var slice = SmallSlice.Of(
            "static int open(struct device *d) { enable((struct pdev *)d); disable((struct pdev *)d); return 0; } const struct kops ops = { .open = open };",
            s => how switch
            {
                "pure" => s with { Functions = s.Functions.Add(rule with { Pure = true }) },
                "repeatable" => s with { Functions = s.Functions.Add(rule with { Repeatable = true }) },
                "lock" => s with { Locks = [new LockRule("disable", LockKind.Mutex, LockStep.Release, 0, false)] },
                "pair" => s with { Pairs = [new PairRule("enable", "zero", "disable", ["a0"])] },
                _ => s with { Functions = s.Functions.Add(rule with { Consumes = true }) },
            });
        Assert.False(slice.Downcall("disable").Step);
        Assert.Equal(how != "pair", slice.Downcall("enable").Step);
    }

    private static IEnumerable<string> CallsOf(SmallSlice slice, string entry) =>
        slice.Plan.Upcalls.Single(u => u.Name == entry).Calls.Select(call => slice.Plan.Downcalls[call].Name);

    [Fact]
    public void A_pair_is_tracked_and_its_release_is_there_even_if_only_the_undo_log_calls_it()
    {
        var slice = SmallSlice.Of("""
            static void never(struct pdev *p) { disable(p); }
            static int open(struct device *d) { return enable((struct pdev *)d); }
            const struct kops ops = { .open = open };
            """, WithPair);
        Assert.Empty(slice.Downcall("enable").Acquires); // never() stays in the kernel half, and so does a call of the release
        slice = SmallSlice.Of("""
            static int show(struct device *d, char *buf) { disable((struct pdev *)d); return 0; }
            static int open(struct device *d) { return enable((struct pdev *)d); }
            const struct kops ops = { .open = open, .show = show };
            """, WithPair);
        Assert.Equal("disable", Assert.Single(slice.Downcall("enable").Acquires).Release);
        Assert.True(slice.Downcall("disable").IsRelease);
    }

    [Fact]
    public void A_pair_of_which_the_kernel_half_does_one_end_is_not_tracked()
    {
        var slice = SmallSlice.Of("""
            static int irq(struct device *d) { return enable((struct pdev *)d); }
            static int open(struct device *d) { disable((struct pdev *)d); return enable((struct pdev *)d); }
            const struct kops ops = { .open = open, .irq = irq };
            """, WithPair);
        Assert.Empty(slice.Downcall("enable").Acquires);
        Assert.False(slice.Downcall("disable").IsRelease);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_pair_in_passing_is_kept_whoever_else_does_its_ends_if_the_user_half_can_undo_it(bool undoes)
    {
        var slice = SmallSlice.Of(
            $$"""
            static int irq(struct device *d) { return enable((struct pdev *)d); }
            static int open(struct device *d) { {{(undoes ? "disable((struct pdev *)d);" : "")}} return enable((struct pdev *)d); }
            const struct kops ops = { .open = open, .irq = irq };
            """,
            s => s with { Pairs = [new PairRule("enable", "zero", "disable", ["a0"]) { Passing = true }] });
        Assert.Equal(undoes, slice.Downcall("enable").Acquires.Any(p => p.Passing));
        Assert.Equal(undoes, slice.Plan.Downcalls.Any(d => d is { Name: "disable", Undoes: true, IsRelease: false }));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("pure", true)]
    [InlineData("pure consumes", false)]
    [InlineData("pair", false)]
    public void A_downcall_is_pure_if_a_rule_says_so_not_because_it_will_be_undone(string how, bool pure)
    {
        var slice = SmallSlice.Of(
            """
            static int show(struct device *d, char *buf) { disable((struct pdev *)d); return 0; }
            static int open(struct device *d) { return enable((struct pdev *)d); }
            const struct kops ops = { .open = open, .show = show };
            """,
            s => (how == "pair" ? WithPair(s) : s) with
            {
                Functions = s.Functions.Add(FunctionRule.Named("enable") with { Pure = how.StartsWith("pure"), Consumes = how.EndsWith("consumes") }),
            });
        Assert.Equal((pure, false), (slice.Downcall("enable").Pure, slice.Downcall("disable").Pure));
    }

    private static KernelSpecs WithPair(KernelSpecs specs) => specs with { Pairs = [new PairRule("enable", "zero", "disable", ["a0"])] };

    private static string Text(SmallSlice slice, DownParameter p) =>
        p.Kind == DownParameterKind.Buffer ? $"Buffer {p.Size}{(p.In ? " in" : "")}{(p.Out ? " out" : "")}" : $"{p.Kind} {slice.Type(p.Type)}".TrimEnd();

    [Theory]
    [InlineData("asm volatile(\"call __put_user_4\" : : \"r\" (d) : \"memory\");", true)]
    [InlineData("deeper(d);", true)]
    [InlineData("asm volatile(\"lock; incl %0\" : \"+m\" (d->id));", false)]
    public void What_reads_an_applications_memory_runs_in_the_task_that_called(string body, bool isShipped)
    {
        var slice = SmallSlice.Of(
            "static void deeper(struct device *d) { asm volatile(\"call __get_user_4\" : : \"r\" (d) : \"memory\"); }\n"
            + $"static int kept(struct device *d) {{ {body} asm volatile(\"cpuid\" : : : \"memory\"); return 0; }}\n"
            + "static int open(struct device *d) { return kept(d); }\nconst struct kops ops = { .open = open };");

        Assert.Equal(isShipped, slice.Plan.Downcalls.Single(c => c.Name == "kept").Shipped);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("rule", false)]
    [InlineData("pair", false)]
    public void A_kernel_function_of_which_nothing_is_said_runs_in_the_task_that_called_and_so_does_what_leads_to_it(string said, bool isShipped)
    {
        var slice = SmallSlice.Of(
            """
            static int kept(struct device *d) { asm volatile("cpuid" : : : "memory"); return enable((struct pdev *)d); }
            static int open(struct device *d) { return kept(d) + enable((struct pdev *)d); }
            const struct kops ops = { .open = open };
            """,
            s => said switch
            {
                "rule" => s with { Functions = s.Functions.Add(FunctionRule.Named("enable")) },
                "pair" => WithPair(s),
                _ => s,
            });

        Assert.Equal((isShipped, isShipped), (slice.Downcall("enable").Shipped, slice.Downcall("kept").Shipped));
    }
}
