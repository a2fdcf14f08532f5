// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using DriverSlicer.Clang;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Clang;

public sealed class UnitTests
{
    [Fact]
    public void Initialisers_name_the_innermost_field()
    {
        var model = Snippet.Read("""
            static int go(struct core *c) { return 0; }
            static void halt(struct core *c, int how) { }
            struct outer { int id; struct ops ops; struct outer *next; };
            static const struct outer first = { .id = 1, .ops.start = go };
            static struct outer table[] = { { 2, { go, halt }, NULL }, [1] = { .ops = { .stop = halt }, .next = (struct outer *)&first } };
            """);
        var table = model.Globals.Single(g => g.Name == "table");
        Assert.Equal(
            ["ops.start=go", "ops.stop=halt", "ops.stop=halt", "outer.next=first"],
            table.Initializer.Select(i => $"{Snippet.Short(i.Record)}.{i.Field}={Snippet.Short(i.Target)}"));
        var first = model.Globals.Single(g => g.Name == "first");
        Assert.True(first.IsConst);
        Assert.False(table.IsConst);
        Assert.Equal("start", first.Initializer.Single().Field);
        Assert.True(first.Initializer.Single().TargetIsFunction);
    }

    [Fact]
    public void A_shimmed_macro_is_a_call_and_positions_stay_those_of_the_original()
    {
        const string Text = "struct mine { struct lock l; };\nvoid f(struct mine *m)\n{\n\tlock_init(&m->l);\n}\n";
        var plain = Snippet.Read(Text);
        var shimmed = Snippet.Read(Text, new MacroShim("lock_init", "void md_m_lock_init(struct lock *a0)", []));

        Assert.Contains(plain.Globals, g => g.Name == "key" && g.Function == plain.Function("f").Id && g.InMacro == "lock_init");
        Assert.DoesNotContain(shimmed.Globals, g => g.Name == "key");
        var shim = shimmed.Functions.Single(f => f.Origin == FunctionOrigin.MacroShim);
        Assert.Equal("lock_init", shim.Name);
        var call = shimmed.Facts("f").OfType<Call>().Single();
        Assert.Equal(shim.Id, call.Callee);
        Assert.Equal(5, call.Location.Line);
        Assert.Equal(plain.Function("f").Definition, shimmed.Function("f").Definition);
        Assert.Equal(plain.Function("f").Location, shimmed.Function("f").Location);
    }

    [Fact]
    public void Functions_know_their_text_lines_origin_and_attributes()
    {
        var model = Snippet.Read("""
            #define MAKE(name) static int name##_made(struct core *c) { return c->state; }
            MAKE(x)
            /* before */
            __init static int
            start(struct device *d)
            {
                /* a comment
                   of two lines */
                message(d, "/* no comment */");

                get_data(d); // trailing
                return 0;
            }
            """);
        var start = model.Function("start");
        var text = model.Files.Single().Text;
        Assert.StartsWith("__init static int\nstart(", text[start.Definition!.Start..]);
        Assert.Equal('}', text[start.Definition.End - 1]);
        Assert.Equal('{', text[start.Body!.Start]);
        Assert.Equal(7, start.Lines);
        Assert.Contains("init", start.Attributes);
        Assert.Contains("format:2", model.Function("message").Attributes);
        Assert.True(model.Function("message").IsVariadic);
        Assert.Equal((FunctionOrigin.Macro, "MAKE"), (model.Function("x_made").Origin, model.Function("x_made").Macro));
        Assert.Null(model.Function("x_made").Definition);
        Assert.Equal(FunctionOrigin.HeaderInline, model.Function("get_data").Origin);
        Assert.DoesNotContain(model.Functions, f => f.Name == "unreached");
    }

    [Fact]
    public void Errors_have_their_place_in_the_original_text()
    {
        var shim = new MacroShim("lock_init", "void md_m_lock_init(struct lock *a0)", []);
        Snippet.Read("int f(void)\n{\n\treturn missing_name;\n}\n", out var errors, shim);
        var error = Assert.Single(errors);
        Assert.Equal(new Location("d.c", 4, 9), error.Location);
        Assert.Equal("DS0204", error.Id);
        Assert.NotEmpty(error.Next);

        Snippet.Read("#include \"nowhere.h\"\n", out errors, shim);
        Assert.Equal(("DS0203", 2), (errors.Single().Id, errors.Single().Location.Line));

        Snippet.Read("int f(void) { return not_declared(1); }\n", out errors);
        Assert.Equal("DS0204", errors.Single().Id);
    }

    [Theory]
    [InlineData("#include <a.h>\n#include <b.h>\nint x;\n", 2)]
    [InlineData("/* #include <no.h> */\n#include <a.h>\n#ifdef X\n#include <b.h>\n#endif\nint x;\n", 5)]
    [InlineData("#include <a.h>\n#ifdef X\nint y;\n#endif\n#include \"parts.c\"\n#include <b.h>\n", 1)]
    [InlineData("#include <a.h>\nstruct s { int a; };\nint t[] = { 1 };\nint f(void)\n{\n}\n#include <b.h>\n", 1)]
    [InlineData("#include <a.h>\n#define M(x) do { \\\n\tx(); } while (0)\nint g(int (*p)(void));\n#include <b.h>\n", 5)]
    [InlineData("int x;\n", 0)]
    [InlineData("#define V\n#include \"parts.c\"\n", 1)]
    [InlineData("#ifdef X\n#include <a.h>\nint f(void)\n{\n}\n#else\nint g(void)\n{\n}\n#endif\n", 0)]
    [InlineData("#ifdef X\n#include <a.h>\n#include <b.h>\nint f(void)\n{\n}\n#endif\n", 3)]
    [InlineData("#ifdef X\n#include <a.h>\n#else\nint f(void)\n{\n}\n#endif\n", 0)]
    [InlineData("#ifdef X\n#include <a.h>\n#endif\nint f(void)\n{\n}\n", 3)]
    public void Shims_go_after_the_last_header_before_code(string text, int afterLines)
    {
        var expected = text.Split('\n').Take(afterLines).Sum(l => l.Length + 1);
        Assert.Equal(expected, InsertionPoint.Find(Encoding.UTF8.GetBytes(text), out var line));
        Assert.Equal(afterLines + 1, line);
    }

    [Fact]
    public void A_variant_of_another_file_has_that_files_headers_first()
    {
        var folder = Directory.CreateTempSubdirectory("early").FullName;
        File.WriteAllText(Path.Combine(folder, "all.c"), "#include <linux/a.h>\n#ifdef VARIANT\n#include <linux/b.h>\n#endif\n#include \"own.h\"\n#  include <c.h>\nint f(void)\n{\n}\n#include <d.h>\n");
        CompiledUnit Unit(string text) => new("variant.c", Encoding.UTF8.GetBytes(text), []);
        Assert.Equal("#include <linux/a.h>\n#ifdef VARIANT\n#include <linux/b.h>\n#endif\n#  include <c.h>\n", EarlyHeaders.Of(Unit("#define VARIANT\n#include \"all.c\"\n"), folder, 0));
        Assert.Null(EarlyHeaders.Of(Unit("#include <linux/a.h>\n#include \"all.c\"\n"), folder, 21));
        Assert.Null(EarlyHeaders.Of(Unit("#include \"none.c\"\n"), folder, 0));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_model_survives_being_saved()
    {
        var model = Saved();
        var text = ModelFile.ToText(model);
        var again = ModelFile.FromText(text);
        Assert.Equal(text, ModelFile.ToText(again));
        Assert.Contains(again.Facts("f").OfType<Flow>(), x => x.Offset == null);
        Assert.Equal(text, ModelFile.ToText(Saved()));
    }

    // Without the files: their arguments name the test's own temporary directory.
    private static DriverModel Saved() =>
        Snippet.Read("static int v; int f(struct core *c, int n) { struct core *d = c + n; return d->state + v; }") with { Files = [] };

    [Fact]
    public void Commands_are_cut_to_what_decides_meaning()
    {
        var words = CommandLine.Words("""gcc -Wp,-MMD,x -I./include -include a.h -DX='"q"' -D "Y=1 2" -Wall -fconserve-stack -O2 -c -o x.o x.c ; objtool -I no""");
        Assert.Equal(["-I./include", "-include", "a.h", "-DX=\"q\"", "-DY=1 2", "-O2"], CommandLine.Keep(words));
        Assert.Equal("x.c", words[^1]);
    }
}
