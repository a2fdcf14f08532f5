// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Clang;

public sealed class LoweringTests
{
    private const string Device = """
        struct mine { struct pdev *pdev; void *base; struct core core; struct core spare; u32 regs[4]; struct lock lock;
                      u32 low : 3, high : 5; union { u32 word; struct { u16 lo, hi; }; }; union { int other; }; };
        """;

    [Fact]
    public void Container_of_is_one_flow_with_the_exact_negative_offset()
    {
        var model = Snippet.Read(Device + "int f(struct core *c) { struct mine *m = container_of(c, struct mine, spare); return m->core.state; }");
        var facts = model.Facts("f");
        var record = model.Records.Single(r => r.Spelling == "struct mine");
        var spare = record.Fields.Single(x => x.Name == "spare").OffsetBits / 8;

        var flow = facts.OfType<Flow>().Single(x => x.ToType.PointeeRecord == record.Id);
        Assert.True(spare > 0);
        Assert.Equal(-spare, flow.Offset);
        Assert.True(flow.FromType.IsVoidPointer);
        Assert.Equal(NodeKind.Param, facts.OfType<Flow>().First().From.Kind);
        Assert.Equal(["mine.core.state Read"], facts.Accesses());
        Assert.Equal(flow.To, facts.OfType<Access>().Single().Base);
    }

    [Fact]
    public void Reads_writes_and_addresses_are_told_apart()
    {
        var facts = Snippet.Body(Device, "void f(struct mine *m, struct core *c)", """
            m->core.state = c->state;
            m->core.flags |= 1;
            m->regs[2]++;
            set_it(1, &m->spare.flags);
            m->regs[c->state] = 0;
            if (READ_ONCE(m->word)) ;
            """);
        Assert.Equal(
            ["core.state Read", "mine.core.state Write", "mine.core.flags Read, Write", "mine.regs.[2] Read, Write",
                "mine.spare.flags Address", "core.state Read", "mine.regs.[] Write", "mine.word Read"],
            facts.Accesses());
    }

    [Fact]
    public void Chains_start_anew_at_each_pointer()
    {
        var facts = Snippet.Body(Device, "void *f(struct mine *m)", "return m->pdev->dev.parent->driver_data;");
        Assert.Equal(["mine.pdev Read", "pdev.dev.parent Read", "device.driver_data Read"], facts.Accesses());
        var last = facts.OfType<Access>().Last();
        Assert.Equal((NodeKind.Field, "parent"), (last.Base.Kind, last.Base.Field));
        Assert.Equal("device", Snippet.Short(last.Base.Owner));
    }

    [Fact]
    public void Whole_records_are_read_and_written_as_such()
    {
        var facts = Snippet.Body(Device, "void f(struct mine *m, struct core *c)", "m->spare = *c; *c = m->core; *c = (struct core){ .state = 1 };");
        Assert.Equal(["core. Read", "mine.spare Write", "mine.core Read", "core. Write", "core. Write"], facts.Accesses());
    }

    [Fact]
    public void Bit_fields_have_their_bits()
    {
        var model = Snippet.Read(Device + "void f(struct mine *m) { m->high = 3; }");
        var field = model.Records.Single(r => r.Spelling == "struct mine").Fields.Single(x => x.Name == "high");
        Assert.True(field.IsBitField);
        Assert.Equal(5, field.SizeBits);
        Assert.Equal(3, field.OffsetBits % 32);
        Assert.Equal(["mine.high Write"], model.Facts("f").Accesses());
    }

    [Fact]
    public void Anonymous_members_keep_their_layout_and_leave_no_name_in_paths()
    {
        var model = Snippet.Read(Device + "void f(struct mine *m) { m->hi = 1; m->other = 2; }");
        var records = model.Records.ToDictionary(r => r.Id);
        var anonymous = records.Values.Single(r => r.Spelling == "struct mine").Fields.Where(x => x.Name.Length == 0).ToArray();
        Assert.Equal(["mine.hi Write", "mine.other Write"], model.Facts("f").Accesses());
        Assert.Equal(2, anonymous.Select(x => x.Type.Record).Distinct().Count());
        var inner = records[anonymous[0].Type.Record!].Fields.Single(x => x.Name.Length == 0);
        Assert.Equal(16, records[inner.Type.Record!].Fields.Single(x => x.Name == "hi").OffsetBits);
    }

    [Fact]
    public void Calls_through_fields_name_the_field_and_function_names_flow()
    {
        var facts = Snippet.Body("static int go(struct core *c) { return 0; }", "int f(struct ops *o, struct core *c)", "o->start = go; return o->start(c);");
        var flow = facts.OfType<Flow>().First();
        Assert.Equal((NodeKind.FunctionAddress, NodeKind.Field, "start"), (flow.From.Kind, flow.To.Kind, flow.To.Field));
        var call = facts.OfType<Call>().Single();
        Assert.Null(call.Callee);
        Assert.Equal((NodeKind.Field, "start"), (call.Through!.Kind, call.Through.Field));
        Assert.Equal(NodeKind.Param, call.Arguments.Single().Node!.Kind);
    }

    [Fact]
    public void Arguments_say_what_they_are()
    {
        var facts = Snippet.Body(Device, "void f(struct mine *m)", """
            u8 val;
            kernel_call(m->pdev, 0x68, &val);
            message(&m->pdev->dev, "x %d", val);
            """);
        var calls = facts.OfType<Call>().ToArray();
        Assert.Equal([ArgumentForm.Value, ArgumentForm.Value, ArgumentForm.AddressOfLocal], calls[0].Arguments.Select(a => a.Form));
        Assert.Equal(0x68, calls[0].Arguments[1].Constant);
        Assert.Equal(1, calls[0].Arguments[2].LocalType!.Size);
        Assert.Equal([ArgumentForm.AddressOfField, ArgumentForm.StringLiteral, ArgumentForm.Value], calls[1].Arguments.Select(a => a.Form));
        Assert.All(calls, c => Assert.True(c.ResultUnused));
        Assert.Contains(facts.OfType<Flow>(), x => x.To is { Kind: NodeKind.Param, Index: 2 } && x.From.Kind == NodeKind.LocalAddress);
    }

    [Fact]
    public void Branches_that_the_compiler_folds_away_are_not_there()
    {
        var facts = Snippet.Body("", "void f(struct core *c)", """
            if (IS_ENABLED(0)) c->state = 1; else c->flags = 1;
            switch (sizeof(*c)) { case 1: c->state = 2; break; case sizeof(struct core): c->flags = 2; break; default: c->state = 3; }
            if (0) { again: c->state = 4; }
            if (c->flags) goto again;
            """);
        Assert.Equal(["core.flags Write", "core.flags Write", "core.state Write", "core.flags Read"], facts.Accesses());
    }

    [Fact]
    public void Assembly_shows_memory_it_writes_and_its_template()
    {
        var model = Snippet.Read("void f(struct core *c) { set_it(3, &c->flags); }");
        var facts = model.Facts("set_it");
        Assert.Equal(FunctionOrigin.HeaderInline, model.Function("set_it").Origin);
        Assert.Equal([". Read, Write"], facts.Accesses());
        Assert.Contains("bts %1,%0", facts.OfType<AsmFact>().Single().Template);
    }

    [Fact]
    public void What_is_not_lowered_is_reported_with_its_place()
    {
        var facts = Snippet.Body("", "void f(int n, ...)", """
            static void *table[] = { &&out };
            __builtin_va_list args;
            __builtin_va_start(args, n);
            n = __builtin_va_arg(args, int);
            goto *table[n];
            out: ((struct core *)(ulong)n)->state = 1;
            """);
        var found = facts.OfType<Unsupported>().ToArray();
        Assert.Equal(["va_arg", "computed goto", "an integer turned into a pointer to struct core"], found.Select(u => u.What));
        Assert.Equal([8, 9, 10], found.Select(u => u.Location.Line));
    }

    [Fact]
    public void So_is_a_call_that_only_the_end_of_a_scope_makes()
    {
        var facts = Snippet.Body("static void end(struct lock **l) { unlock(*l); }", "void f(struct lock *l)", """
            struct lock *unused __attribute__((unused)) = l;
            struct lock *held __attribute__((cleanup(end))) = l;
            lock(held);
            """);
        Assert.Equal("a call of end where a scope ends", Assert.Single(facts.OfType<Unsupported>()).What);
    }

    [Fact]
    public void Pointers_survive_being_numbers()
    {
        var facts = Snippet.Body("", "int f(struct core *c)", "ulong n = (ulong)c + 8; return ((struct core *)(n & ~7ul))->state;");
        Assert.Empty(facts.OfType<Unsupported>());
        Assert.Equal((NodeKind.Param, NodeKind.Local, 8L), facts.OfType<Flow>().Select(x => (x.From.Kind, x.To.Kind, x.Offset ?? -1)).First());
        Assert.Null(facts.OfType<Flow>().Last().Offset);
    }

    [Fact]
    public void Statement_expressions_and_omitted_middles_keep_the_pointer()
    {
        var facts = Snippet.Body(Device, "int f(struct mine *m, struct core *c)", "struct core *x = c ?: &m->core; return ({ struct core *y = x; y; })->state;");
        var merged = facts.OfType<Flow>().Where(x => x.To.Kind == NodeKind.Temp).Select(x => x.From.Kind);
        Assert.Equal([NodeKind.Param, NodeKind.FieldAddress], merged);
        Assert.Equal(["mine.core Address", "core.state Read"], facts.Accesses());
    }

    [Fact]
    public void Unevaluated_operands_leave_no_facts()
    {
        Assert.Empty(Snippet.Body("", "ulong f(struct core *c)",
            "return sizeof(c->state) + offsetof(struct core, flags) + __builtin_constant_p(c->state) + sizeof(__typeof__(c->flags));"));
    }
}
