// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Cli.Specs;
using DriverSlicer.Model;
using DriverSlicer.Tests.Cases;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Tests.Plan;

/// <summary>slice.toml: what it forces holds, what it cannot have is an error, what it promises is said.</summary>
public sealed class ChoiceTests
{
    private const string Driver = """
        struct odd { int (*call)(struct device *d); int (*other)(struct device *d); };
        struct mine { char *text; void *data; struct plain *plain; void *only; };
        extern void register_odd(const struct odd *odd);
        static int helper(struct device *d) { return d->id; }
        static int open(struct device *d) { struct mine *m = get_data(d); struct plain *p = m->only; return helper(d) + p->a; }
        static int irq(struct device *d) { return d->id; }
        static int show(struct device *d, char *buf) { struct mine *m = get_data(d); return m->text[d->id]; }
        static int called(struct device *d) { return 1; }
        static int called_too(struct device *d) { return 2; }
        static const struct odd odd = { .call = called };
        static const struct odd odder = { .call = called_too };
        const struct kops ops = { .open = open, .irq = irq, .show = show };
        int init(void) { register_odd(&odd); register_odd(&odder); return 0; }
        """;

    [Fact]
    public void A_function_is_kept_and_what_it_calls_may_move()
    {
        var slice = Sliced("[functions]\nopen = \"kernel\"");

        Assert.Equal(("Kernel", "slice.toml keeps it (line 2)"), (slice.Half("open"), slice.Plan.Functions.Single(f => f.Name == "open").Reason));
        Assert.Equal(("User", 1), (slice.Half("helper"), slice.Plan.Choices.Count));
        Assert.Empty(Errors(slice));
    }

    [Fact]
    public void What_must_stay_is_refused_where_it_was_asked_to_move()
    {
        Assert.Empty(Errors(Sliced("[functions]\nopen = \"user\"")));

        var slice = Sliced("[functions]\nhelper = \"user\"\nirq = \"user\"");

        Assert.Equal("slice.toml:3:1: error DS0802: irq must stay in the kernel half", Assert.Single(Errors(slice)).Split(": on the hot path")[0]);
        Assert.Equal("Kernel", slice.Half("irq"));
    }

    [Fact]
    public void A_place_without_a_rule_is_answered_by_a_promise_that_is_printed()
    {
        var unknown = Sliced("");
        Assert.Equal("Kernel", unknown.Half("called"));
        Assert.Contains("called = { half = \"user\", promise", unknown.Plan.Diagnostics.First(d => d.Id == "DS0401").Next);
        Assert.Contains("DS0802", Assert.Single(Errors(Sliced("[functions]\ncalled = \"user\""))));

        var slice = Sliced("[functions]\ncalled = { half = \"user\", promise = \"a thread calls it\" }\ncalled_too = { half = \"user\", promise = \"the same\" }");

        Assert.Empty(Errors(slice));
        Assert.Equal(("User", "User"), (slice.Half("called"), slice.Half("called_too")));
        Assert.Contains("a thread calls it", Assert.Single(slice.Plan.Diagnostics, d => d.Id == "DS0804" && d.Location.Line == 2).Message);
        Assert.DoesNotContain(slice.Plan.Diagnostics, d => d.Id == "DS0401");
    }

    [Fact]
    public void A_promise_is_about_all_that_stands_in_a_place_and_about_nothing_known()
    {
        var half = Sliced("[functions]\ncalled = { half = \"user\", promise = \"a thread calls it\" }");
        Assert.Contains(Errors(half), e => e.Contains("DS0803: struct odd.call holds called_too too", StringComparison.Ordinal));
        Assert.Equal("Kernel", half.Half("called"));

        var known = Sliced("[functions]\nirq = { half = \"user\", promise = \"it may sleep\" }");
        Assert.Contains(Errors(known), e => e.Contains("DS0803: nothing is to be promised of irq", StringComparison.Ordinal));
        Assert.Equal("Kernel", known.Half("irq"));
    }

    [Theory]
    [InlineData("[functions]\nhelpr = \"kernel\"", "slice.toml:2:1: error DS0801: the driver has no function helpr")]
    [InlineData("\n[locks]\n\"struct mine.lock\" = \"pin\"", "slice.toml:3:1: error DS0801: the driver takes no lock struct mine.lock")]
    [InlineData("[pointers]\n\"struct mine.nothing\" = { is = \"string\", promise = \"x\" }", "slice.toml:2:1: error DS0801: the driver knows no struct mine.nothing")]
    [InlineData("[pointers]\n\"struct mine.data\" = { is = \"struct nothing\", promise = \"x\" }", "slice.toml:2:1: error DS0801: the driver knows no struct nothing")]
    [InlineData("[pointers]\n\"struct mine.plain\" = { is = \"struct device\", promise = \"x\" }", "slice.toml:2:1: error DS0803: struct mine.plain is struct plain *: its type says what it leads to")]
    [InlineData("[pointers]\n\"struct mine.only\" = { is = \"struct plain\", promise = \"x\" }", "slice.toml:2:1: error DS0803: the driver takes struct mine.only for nothing else than struct plain: nothing is to be promised")]
    public void A_stale_line_is_an_error_with_its_place(string text, string error) => Assert.Equal(error, Assert.Single(Errors(Sliced(text))));

    [Fact]
    public void A_string_of_unknown_length_is_promised()
    {
        var kept = Sliced("");
        Assert.Contains("\"struct mine.text\" = { is = \"string\"", kept.Plan.Diagnostics.Single(d => d.Id == "DS0515").Next);

        var slice = Sliced("[pointers]\n\"struct mine.text\" = { is = \"string\", promise = \"the core ends it with a NUL\" }");

        Assert.Equal("User", slice.Half("show"));
        Assert.Contains("mine.text PtrString in", slice.Rows("show"));
        Assert.Empty(Errors(slice));
    }

    [Fact]
    public void A_line_to_paste_is_accepted_as_it_is_printed()
    {
        var next = Case.Read("types-in-one-pointer", SliceChoices.None).Plan.Diagnostics.First(d => d.Id == "DS0505").Next;
        var it = Case.Read("types-in-one-pointer", ChoiceFile.Read("slice.toml", "[pointers]\n" + next[next.IndexOf('"', StringComparison.Ordinal)..]));

        Assert.Equal(Half.User, it.Plan.Functions.Single(f => f.Name == "step").Half);
        Assert.Equal(["DS0804"], it.Plan.Diagnostics.Select(d => d.Id));
    }

    [Fact]
    public void A_lock_gets_another_sound_answer_or_none()
    {
        LockChoice Answer(string choice) => Locked(choice).Plan.Locks.Single().Answer;
        Assert.Equal([LockChoice.Gate, LockChoice.Outline, LockChoice.Pin], new[] { "gate", "outline", "pin" }.Select(Answer));
        Assert.All(new[] { "gate", "outline", "pin" }, c => Assert.DoesNotContain(Locked(c).Plan.Diagnostics, d => d.Severity == Severity.Error));
        Assert.Equal(Half.Kernel, Locked("pin").Plan.Functions.Single(f => f.Name == "step").Half);

        var error = Case.Read("rcu", Lock("rcu_read_lock", "gate")).Plan.Diagnostics.Single(d => d.Severity == Severity.Error);
        Assert.Equal(("DS0802", 2), (error.Id, error.Location.Line));
    }

    private static Case Locked(string answer) => Case.Read("gated-lock", Lock("struct own.lock", answer));

    private static SliceChoices Lock(string name, string answer) => ChoiceFile.Read("slice.toml", $"[locks]\n\"{name}\" = \"{answer}\"");

    private static SmallSlice Sliced(string text) => SmallSlice.Of(Driver, s => s with { Choices = ChoiceFile.Read("slice.toml", text) });

    private static string[] Errors(SmallSlice slice) =>
        [.. slice.Plan.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.ToString().Split('\n')[0])];
}
