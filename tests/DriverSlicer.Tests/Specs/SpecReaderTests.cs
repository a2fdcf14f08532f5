// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Cli.Specs;
using DriverSlicer.Model;
using Xunit;

namespace DriverSlicer.Tests.Specs;

public sealed class SpecReaderTests : IDisposable
{
    private readonly SpecFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_key_of_an_entry_point_arrives()
    {
        var entry = Assert.Single(Read("entry-points", """
            ["struct ops"]
            poll = { context = "softirq|hardirq", hot = true, deferrable = true, contended_result = "&a0->stats", on_death = "undo", contended = "mask-irq", arrays = { 2 = "a1->len" }, unless_calls = "stop_it", yields = { unless_calls = ["wait_for_it"] }, holds = "rtnl", why = "timer" }
            """).Entries);
        Assert.Equal("struct ops.poll", entry.Key);
        Assert.Equal(ExecContext.SoftIrq | ExecContext.HardIrq, entry.Context);
        Assert.Equal((true, true, DeathRule.Undo, "mask-irq", "timer"), (entry.Hot, entry.Deferrable, entry.OnDeath, entry.Contended, entry.Why));
        Assert.Equal(("a1->len", "stop_it"), (entry.Arrays[2], entry.UnlessCalls));
        Assert.Equal("&a0->stats", entry.ContendedResult);
        Assert.True(entry.HoldsRtnl);
        Assert.Equal("wait_for_it", Assert.Single(entry.YieldsUnlessCalls!.Value));
    }

    [Fact]
    public void Functions_that_take_null_arrive_by_argument()
    {
        var specs = Read("null", """
            [[null]]
            argument = 1
            functions = ["put", "drop"]
            why = "x"
            """);
        Assert.Equal((true, true, false), (specs.TakesNull("put", 1), specs.TakesNull("drop", 1), specs.TakesNull("put", 0)));
    }

    [Fact]
    public void Functions_that_take_error_pointers_arrive_by_argument()
    {
        var specs = Read("errors", """
            [[error]]
            argument = 1
            functions = ["put", "drop"]
            why = "x"
            """);
        Assert.Equal((true, true, false), (specs.TakesErrors("put", 1), specs.TakesErrors("drop", 1), specs.TakesErrors("put", 0)));
        Assert.False(specs.TakesNull("put", 1));
    }

    [Fact]
    public void What_stands_for_the_callers_lock_of_a_deferred_entry_arrives()
    {
        var rule = Assert.Single(Read("entry-points", """
            ["struct ops"]
            poll = { context = "softirq", deferrable = true, defer = { hold = "take(a0)", unhold = "give(a0)", excludes = ["struct ops.xmit"] }, why = "timer" }
            """).Entries).Defer!;
        Assert.Equal(("take(a0)", "give(a0)", "struct ops.xmit"), (rule.Hold, rule.Unhold, Assert.Single(rule.Excludes)));
    }

    [Fact]
    public void Contended_actions_arrive_in_the_order_of_the_file() => Assert.Equal(
        [new ContendedAction("mask-irq", "mask(gate, a0)", "1", false), new ContendedAction("wait", null, null, true)],
        Read("contended", SpecFolder.Actions).Contended);

    [Fact]
    public void What_surrounds_an_entry_arrives()
    {
        var action = Assert.Single(Read("contended", "[[action]]\nname = \"last\"\nbefore = \"keep(a0)\"\nafter = \"kept(kept, a1)\"\nwhy = \"x\"\n").Contended);
        Assert.Equal(("keep(a0)", "kept(kept, a1)"), (action.Before, action.After));
    }

    [Theory]
    [InlineData("ends", true)]
    [InlineData("waits", false)]
    public void A_function_may_wait_for_entries_or_end_them(string word, bool ends)
    {
        var rule = Assert.Single(Read("kernel-api", $"[[rule]]\nfunctions = [\"f\"]\nsettles = \"{word}\"\nwhy = \"x\"\n").Functions);
        Assert.Equal((true, ends), (rule.Settles, rule.Ends));
    }

    [Fact]
    public void A_registration_function_and_the_module_macros_are_keyed_by_argument()
    {
        var entries = Read("entry-points", """
            [request_it]
            1 = { context = "hardirq", why = "interrupt" }
            [macro]
            init = { context = "process", why = "insmod" }
            """).Entries;
        Assert.Equal(["macro#init", "request_it#1"], entries.Select(e => e.Key));
    }

    [Fact]
    public void A_rule_holds_for_each_function_of_its_group()
    {
        var rules = Read("kernel-api", """
            [[rule]]
            functions = ["get_it", "get_that"]
            alloc_size = "a0 * sizeof(struct it)"
            alloc_zeroed = true
            alloc_device = "a1"
            keeps = [3, 2]
            buffers = { 4 = "a5" }
            out = [4]
            opaque = [6]
            frees = 7
            shipped = true
            pure = true
            repeatable = true
            blocks = true
            inline = "downcall"
            why = "test"
            """).Functions;
        Assert.Equal(["get_it", "get_that"], rules.Select(r => r.Name));
        var rule = rules[1];
        Assert.Equal(("a0 * sizeof(struct it)", true, "a1", 7, true, true, true, "downcall"), (rule.AllocSize, rule.AllocZeroed, rule.AllocDevice, rule.Frees, rule.Shipped, rule.Pure, rule.Blocks, rule.Inline));
        Assert.True(rule.Repeatable);
        Assert.Equal([2, 3], rule.Keeps);
        Assert.Equal("a5", rule.Buffers[4]);
        Assert.Equal((4, 6), (Assert.Single(rule.Out), Assert.Single(rule.Opaque)));
    }

    [Fact]
    public void Locks_macros_and_pairs_arrive()
    {
        Assert.Equal(
            new LockRule("take", LockKind.SpinIrq, LockStep.Acquire, 0, true),
            Assert.Single(Read("locks", "[[lock]]\nfunctions = [\"take\"]\nkind = \"spin-irq\"\nstep = \"acquire\"\nargument = 0\natomic = true\n").Locks));
        Assert.Equal("md_m_SETUP", Assert.Single(Read("macros", "[[macro]]\nname = \"SETUP\"\nprototype = \"void md_m_SETUP(int a0)\"\nwhy = \"x\"\n").Macros).Symbol);
        Assert.True(Assert.Single(Read("macros", "[[macro]]\nname = \"SETUP\"\nprototype = \"void md_m_SETUP(int *a0)\"\nlock_class = true\nwhy = \"x\"\n").Macros).LockClass);
        var pair = Assert.Single(Read("pairs", "[[pair]]\nacquire = [\"get\"]\nsuccess = \"zero\"\nrelease = \"put\"\nkeys = [\"a0\", \"r\"]\nwhy = \"x\"\n").Pairs);
        Assert.Equal(("get", "zero", "put"), (pair.Acquire, pair.Success, pair.Release));
        Assert.Equal(["a0", "r"], pair.Keys);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        File.Delete(Path.Combine(folder.Path, "locks.toml"));
        var error = Assert.Throws<DiagnosticException>(() => SpecReader.Read(folder.Path));
        Assert.Equal(("DS0301", 2), (error.Diagnostic.Id, error.ExitCode));
        Assert.EndsWith("locks.toml", error.Diagnostic.Location.File);
    }

    [Theory]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = { context = \"process\" why = \"x\" }\n", "DS0302", 2, "TOML")]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = { context = \"process\", color = 1, why = \"x\" }\n", "DS0303", 2, "color")]
    [InlineData("kernel-api", "[[rule]]\nfunctions = [\"f\"]\nallocsize = \"a0\"\nwhy = \"x\"\n", "DS0303", 3, "allocsize")]
    [InlineData("kernel-api", "[[function]]\nfunctions = [\"f\"]\nwhy = \"x\"\n", "DS0303", 1, "function")]
    [InlineData("locks", "kind = \"spin\"\n", "DS0303", 1, "kind")]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = { context = \"process\", hot = \"yes\", why = \"x\" }\n", "DS0304", 2, "hot")]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = \"process\"\n", "DS0304", 2, "struct ops.open")]
    [InlineData("kernel-api", "[[rule]]\nfunctions = \"f\"\nwhy = \"x\"\n", "DS0304", 2, "functions")]
    [InlineData("kernel-api", "[[rule]]\nfunctions = [\"f\"]\nkeeps = [\"a\"]\nwhy = \"x\"\n", "DS0304", 3, "keeps")]
    [InlineData("entry-points", "[\"struct ops\"]\n\nopen = { context = \"proces\", why = \"x\" }\n", "DS0305", 3, "proces")]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = { context = \"process\", on_death = \"panic\", why = \"x\" }\n", "DS0305", 2, "panic")]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = { context = \"atomic\", contended = \"wait\", why = \"x\" }\n", "DS0305", 2, "wait")]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = { context = \"atomic\", contended = \"mask-line\", why = \"x\" }\n", "DS0305", 2, "mask-line")]
    [InlineData("kernel-api", "[[rule]]\nfunctions = [\"f\"]\nsettles = \"yes\"\nwhy = \"x\"\n", "DS0305", 3, "yes")]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = { context = \"atomic\", yields = {}, why = \"x\" }\n", "DS0308", 2, "yields")]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = { context = \"atomic\", contended_result = \"0\", why = \"x\" }\n", "DS0308", 2, "contended_result")]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = { context = \"atomic\", deferrable = true, defer = {}, arrays = { 1 = \"8\" }, why = \"x\" }\n", "DS0308", 2, "arrays")]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = { context = \"atomic\", defer = {}, why = \"x\" }\n", "DS0308", 2, "defer")]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = { context = \"atomic\", deferrable = true, defer = { hold = \"f(a0)\" }, why = \"x\" }\n", "DS0308", 2, "unhold")]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = { context = \"atomic\", deferrable = true, defer = { keeps = \"f\" }, why = \"x\" }\n", "DS0303", 2, "keeps")]
    [InlineData("contended", "[[action]]\nname = \"a\"\nwaits = true\nresult = \"0\"\nwhy = \"x\"\n", "DS0308", 3, "waits")]
    [InlineData("contended", "[[action]]\nname = \"a\"\nwhy = \"x\"\n[[action]]\nname = \"a\"\nwhy = \"x\"\n", "DS0306", 5, "'a'")]
    [InlineData("contended", "[[action]]\nname = \"a\"\nbefore = \"f(a0)\"\nwhy = \"x\"\n", "DS0308", 3, "come together")]
    [InlineData("entry-points", "[macro]\nstart = { context = \"process\", why = \"x\" }\n", "DS0305", 2, "start")]
    [InlineData("locks", "[[lock]]\nfunctions = [\"f\"]\nkind = \"futex\"\nstep = \"acquire\"\n", "DS0305", 3, "futex")]
    [InlineData("locks", "[[lock]]\nfunctions = [\"f\"]\nkind = \"spin\"\nstep = \"take\"\n", "DS0305", 4, "take")]
    [InlineData("kernel-api", "[[rule]]\nfunctions = [\"f\"]\ninline = \"maybe\"\nwhy = \"x\"\n", "DS0305", 3, "maybe")]
    [InlineData("kernel-api", "[[rule]]\nfunctions = [\"f\"]\nlate = \"a0\"\nwhy = \"x\"\n", "DS0307", 3, "frees")]
    [InlineData("pairs", "[[pair]]\nacquire = [\"f\"]\nsuccess = \"good\"\nrelease = \"g\"\nkeys = [\"a0\"]\nwhy = \"x\"\n", "DS0305", 3, "good")]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = { context = \"process\", why = \"x\" }\nopen = { context = \"atomic\", why = \"y\" }\n", "DS0302", 3, "open")]
    [InlineData("kernel-api", "[[rule]]\nfunctions = [\"f\"]\nwhy = \"x\"\n[[rule]]\nfunctions = [\"g\", \"f\"]\nwhy = \"y\"\n", "DS0306", 5, "'f'")]
    [InlineData("locks", "[[lock]]\nfunctions = [\"f\", \"f\"]\nkind = \"spin\"\nstep = \"acquire\"\n", "DS0306", 2, "'f'")]
    [InlineData("macros", "[[macro]]\nname = \"M\"\nprototype = \"void md_m_M(void)\"\nwhy = \"x\"\n[[macro]]\nname = \"M\"\nprototype = \"void md_m_M(void)\"\nwhy = \"x\"\n", "DS0306", 6, "'M'")]
    [InlineData("pairs", "[[pair]]\nacquire = [\"f\", \"f\"]\nsuccess = \"zero\"\nrelease = \"g\"\nkeys = [\"a0\"]\nwhy = \"x\"\n", "DS0306", 1, "f -> g")]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = { context = \"process\" }\n", "DS0307", 2, "why")]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = { why = \"x\" }\n", "DS0307", 2, "context")]
    [InlineData("kernel-api", "[[rule]]\nlocal = true\nwhy = \"x\"\n", "DS0307", 1, "functions")]
    [InlineData("kernel-api", "[[rule]]\nfunctions = [\"f\"]\nlocal = true\n", "DS0307", 1, "why")]
    [InlineData("locks", "[[lock]]\nfunctions = [\"f\"]\nkind = \"spin\"\n", "DS0307", 1, "step")]
    [InlineData("entry-points", "[request_it]\nname = { context = \"process\", why = \"x\" }\n", "DS0308", 2, "name")]
    [InlineData("entry-points", "[\"struct *\"]\nopen = { context = \"process\", why = \"x\" }\n", "DS0308", 1, "struct *")]
    [InlineData("entry-points", "[\"struct ops\"]\n\"*\" = { context = \"process\", why = \"x\" }\n", "DS0308", 2, "*")]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = { context = \"process\", deferrable = true, why = \"x\" }\n", "DS0308", 2, "deferrable")]
    [InlineData("kernel-api", "[[rule]]\nfunctions = [\"f\"]\nalloc_size = \"a0; panic()\"\nwhy = \"x\"\n", "DS0308", 3, "alloc_size")]
    [InlineData("kernel-api", "[[rule]]\nfunctions = [\"f\"]\nalloc_size = \"(a0\"\nwhy = \"x\"\n", "DS0308", 3, "alloc_size")]
    [InlineData("kernel-api", "[[rule]]\nfunctions = [\"f\"]\nbuffers = { x = \"a0\" }\nwhy = \"x\"\n", "DS0308", 3, "buffers")]
    [InlineData("kernel-api", "[[rule]]\nfunctions = [\"f\"]\nout = [100]\nwhy = \"x\"\n", "DS0308", 3, "out")]
    [InlineData("macros", "[[macro]]\nname = \"M\"\nprototype = \"void M(void)\"\nwhy = \"x\"\n", "DS0308", 3, "prototype")]
    [InlineData("macros", "[[macro]]\nname = \"M\"\nprototype = \"void md_m_M(int a0)\"\nlock_class = true\nwhy = \"x\"\n", "DS0308", 4, "lock_class")]
    [InlineData("macros", "[[macro]]\nname = \"M\"\nprototype = \"void md_m_M(struct it *a0)\"\nlock_class = \"a0\"\nwhy = \"x\"\n", "DS0304", 4, "lock_class")]
    [InlineData("entry-points", "[\"struct ops\"]\nopen = { context = \"process\", holds = \"all\", why = \"x\" }\n", "DS0305", 2, "all")]
    [InlineData("errors", "[[null]]\nfunctions = [\"f\"]\nwhy = \"x\"\n", "DS0303", 1, "null")]
    [InlineData("errors", "[[error]]\nfunctions = [\"f\", \"f\"]\nwhy = \"x\"\n", "DS0306", 2, "f 0")]
    [InlineData("errors", "[[error]]\nfunctions = [\"f\"]\n", "DS0307", 1, "why")]
    [InlineData("pairs", "[[pair]]\nacquire = [\"f\"]\nsuccess = \"zero\"\nrelease = \"g\"\nkeys = [\"a0\", \"a1\", \"a2\", \"a3\"]\nwhy = \"x\"\n", "DS0308", 5, "keys")]
    public void A_mistake_is_reported_with_file_line_and_key(string file, string text, string id, int line, string mentions)
    {
        var error = Assert.Throws<DiagnosticException>(() => Read(file, text));
        Assert.Equal(id, error.Diagnostic.Id);
        Assert.Equal(Path.Combine(folder.Path, file + ".toml"), error.Diagnostic.Location.File);
        Assert.Equal(line, error.Diagnostic.Location.Line);
        Assert.Contains(mentions, error.Diagnostic.Message);
        Assert.NotEmpty(error.Diagnostic.Next);
        Assert.Equal(2, error.ExitCode);
    }

    private KernelSpecs Read(string file, string text) => folder.Read(file, text);
}
