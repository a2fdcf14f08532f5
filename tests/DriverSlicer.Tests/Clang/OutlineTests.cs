// SPDX-License-Identifier: GPL-2.0-only
using Xunit;

namespace DriverSlicer.Tests.Clang;

/// <summary>f(c, how) with the statements of each case; what becomes of its locked regions.</summary>
public class OutlineTests
{
    private static string Driver(string statements, string before = "", string after = "") =>
        $"struct card {{ struct lock l; int ctrl; }};\n{before}static int f(struct card *c, int how)\n{{\n{statements}\n}}\n{after}";

    [Fact]
    public void A_region_becomes_a_function_behind_the_others_and_no_line_moves()
    {
        var text = Snippet.Outline(
            Driver("\tint change;\n\tlock(&c->l);\n\tchange = c->ctrl != how;\n\tc->ctrl = how;\n\tunlock(&c->l);\n\treturn change;"), out var notes);
        Assert.Empty(notes);
        Assert.Equal(
            """
            struct card { struct lock l; int ctrl; };
            static int md_outline_0_f(struct card *c, int how); static int f(struct card *c, int how)
            {
            	int change;
            	change = md_outline_0_f(c, how);



            	return change;
            }

            #line 5
            static int md_outline_0_f(struct card *c, int how) { int change;
            	lock(&c->l);
            	change = c->ctrl != how;
            	c->ctrl = how;
            	unlock(&c->l); return change; }

            """,
            text);
    }

    [Theory]
    // Only read, or set and not looked at again: a copy goes in, nothing comes back.
    [InlineData("lock(&c->l); c->ctrl = how; unlock(&c->l); return how;", "void (struct card *c, int how)")]
    [InlineData("lock(&c->l); how++; c->ctrl = how; unlock(&c->l); return 0;", "void (struct card *c, int how)")]
    // Set on one path only: the old value goes in as well.
    [InlineData("int n = 1; lock(&c->l); if (how) n = c->ctrl; unlock(&c->l); return n;", "int (struct card *c, int how, int n)")]
    [InlineData("lock(&c->l); how += c->ctrl; unlock(&c->l); return how;", "int (struct card *c, int how)")]
    // Behind it, in a loop, is before it too.
    [InlineData("int n = 0; while (n < 9) { lock(&c->l); n++; unlock(&c->l); } return 0;", "int (struct card *c, int n)")]
    [InlineData("again: if (how > 9) return 0; lock(&c->l); how = c->ctrl + how; unlock(&c->l); goto again;", "int (struct card *c, int how)")]
    // What it replaces does not go in: it may be no value, and no pointer, yet.
    [InlineData("again: if (how > 9) return 0; lock(&c->l); how = c->ctrl; unlock(&c->l); goto again;", "int (struct card *c)")]
    [InlineData("struct card *next; while (c) { lock(&c->l); next = c + 1; c->ctrl = 0; unlock(&c->l); c = next; } return 0;", "struct card * (struct card *c)")]
    [InlineData("int n = 1; lock(&c->l); if (c->ctrl) n = how; n = n + 1; unlock(&c->l); return n;", "int (struct card *c, int how, int n)")]
    // The interrupt flags stay where they are.
    [InlineData("ulong fl; lock_save(&c->l, fl); c->ctrl = how; unlock_restore(&c->l, fl); return 0;", "void (struct card *c, int how)")]
    // Jumps that stay inside.
    [InlineData("lock(&c->l); while (1) { if (c->ctrl) break; continue; } switch (how) { case 1: c->ctrl = 1; break; } unlock(&c->l); return 0;", "void (struct card *c, int how)")]
    [InlineData("lock(&c->l); { int n = how; c->ctrl = n; } unlock(&c->l); return 0;", "void (struct card *c, int how)")]
    public void Variables_go_in_as_copies_and_one_comes_back(string statements, string signature)
    {
        var text = Snippet.Outline(Driver(statements), out var notes);
        Assert.Empty(notes);
        var head = text.Split('\n').Single(l => l.StartsWith("static", StringComparison.Ordinal) && l.Contains("_0_f(", StringComparison.Ordinal) && !l.Contains(';', StringComparison.Ordinal) | l.Contains("{ ", StringComparison.Ordinal));
        Assert.StartsWith($"static {signature.Replace(" (", " md_outline_0_f(", StringComparison.Ordinal)} {{", head);
    }

    [Theory]
    [InlineData("lock(&c->l); if (how) { return 1; } unlock(&c->l); return 0;", "return in line 5 leads across its border")]
    [InlineData("lock(&c->l); if (how) goto out; c->ctrl = 1; unlock(&c->l); out: return 0;", "goto in line 5 leads across its border")]
    [InlineData("while (how) { lock(&c->l); if (c->ctrl) break; unlock(&c->l); } return 0;", "break in line 5 leads across its border")]
    [InlineData("while (how) { lock(&c->l); if (c->ctrl) continue; unlock(&c->l); } return 0;", "continue in line 5 leads across its border")]
    [InlineData("switch (how) { case 0: how = 2; lock(&c->l); case 1: c->ctrl = 1; unlock(&c->l); } return 0;", "a case label in line 5 leads across its border")]
    [InlineData("lock(&c->l); if (how) unlock(&c->l); return 0;", "it is not taken and given back by statements of one block")]
    [InlineData("if (how) lock(&c->l); c->ctrl = 1; unlock(&c->l); return 0;", "it is not taken and given back by statements of one block")]
    [InlineData("int n; lock(&c->l); n = c->ctrl; how = 3; unlock(&c->l); return n + how;", "how and n are both set in the region and used behind it")]
    [InlineData("lock(&c->l); int n = c->ctrl; unlock(&c->l); return n;", "n is declared in the region and used behind it")]
    [InlineData("static int n; lock(&c->l); c->ctrl = n; unlock(&c->l); return 0;", "n is static or extern")]
    [InlineData("struct plain { int a; } p = { how }; lock(&c->l); c->ctrl = p.a; unlock(&c->l); return 0;", "p is no number and no plain pointer")]
    [InlineData("int n[2] = { how }; lock(&c->l); c->ctrl = n[1]; unlock(&c->l); return 0;", "n is no number and no plain pointer")]
    [InlineData("int n; lock(&c->l); kernel_call(NULL, 1, (u8 *)&n); unlock(&c->l); return n;", "the address of n is taken")]
    [InlineData("int n = 0; int *p = &n; lock(&c->l); *p = 1; c->ctrl = n; unlock(&c->l); return 0;", "the address of n is taken")]
    [InlineData("lock(&c->l); message(NULL, \"%s\", __func__); unlock(&c->l); return 0;", "the region names the function it stands in")]
    [InlineData("#ifdef A\nlock(&c->l);\n#else\nlock(&c->l);\n#endif\nc->ctrl = 1; unlock(&c->l); return 0;", "#endif in the region")]
    // The flags are looked at between the regions: they are no longer the lock's alone.
    [InlineData("ulong fl; lock_save(&c->l, fl); how = 1; unlock_restore(&c->l, fl); return fl + how;", "how and fl are both set in the region and used behind it")]
    public void What_leads_out_of_a_region_keeps_it_where_it_is(string statements, string why)
    {
        var driver = Driver(statements);
        Assert.Equal(driver, Snippet.Outline(driver, out var notes));
        Assert.Equal([$"DS0407 {why}"], notes);
    }

    [Theory]
    [InlineData("#define V 1\n", "#undef V\n#define V 2\n", "the macro V changes further down")]
    [InlineData("#define B 1\n#define V B\n", "#undef B\n", "the macro B changes further down")]
    [InlineData("#define V 1\n", "#include <kernel.h>\n", "an #include follows the function")]
    public void A_region_that_would_not_mean_the_same_at_the_end_of_the_file_stays(string before, string after, string why)
    {
        var driver = Driver("lock(&c->l); c->ctrl = V; unlock(&c->l); return 0;", before, after.Contains("include", StringComparison.Ordinal) ? $"#if 0\n{after}#endif\n" : after);
        Assert.Equal(driver, Snippet.Outline(driver, out var notes));
        Assert.Equal([$"DS0407 {why}"], notes);
    }

    [Fact]
    public void All_regions_of_a_function_or_none()
    {
        const string Fine = "lock(&c->l); c->ctrl = 1; unlock(&c->l);";
        var driver = Driver($"{Fine} lock(&c->l); if (how) return 1; unlock(&c->l); return 0;");
        Assert.Equal(driver, Snippet.Outline(driver, out var notes));
        Assert.Single(notes);
        var both = Snippet.Outline(Driver($"{Fine} {Fine} return 0;"), out notes);
        Assert.Empty(notes);
        Assert.Contains("md_outline_0_f(c); md_outline_1_f(c); return 0;", both);
    }
}
