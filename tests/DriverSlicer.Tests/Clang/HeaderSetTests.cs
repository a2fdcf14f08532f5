// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using DriverSlicer.Clang;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Clang;

public sealed class HeaderSetTests : IDisposable
{
    private readonly string scratch = Directory.CreateTempSubdirectory("set-").FullName;

    public HeaderSetTests()
    {
        Directory.CreateDirectory(Path.Combine(scratch, "include/linux"));
        Directory.CreateDirectory(Path.Combine(scratch, "out"));
        File.WriteAllText(Path.Combine(scratch, "include/linux/toy.h"), "#pragma once\nstruct toy { int turns; };\nstatic inline int toy_turn(struct toy *t) { return ++t->turns; }\n");
        File.WriteAllText(Path.Combine(scratch, "include/linux/odd.h"), "#pragma once\n#define odd 1\nenum { busy };\n");
    }

    private string Read(string text, bool precompiled, params string[] headers)
    {
        var tree = new KernelTree("6.1", scratch, scratch);
        var unit = new CompiledUnit("a.c", Encoding.UTF8.GetBytes(text), ["-std=gnu11", "-O2", "-I" + Path.Combine(scratch, "include"), "-DKBUILD_MODNAME=\"a\""]);
        var build = new BuildCommands("a", tree, Path.Combine(scratch, "drivers"), scratch, [unit], [], []);
        var (model, failed) = ClangFrontEnd.ReadTolerant(build, [], precompiled ? new HeaderSet(Path.Combine(scratch, "out"), [.. headers]) : null, _ => { });
        Assert.Empty(failed);
        return ModelFile.ToText(model with { Files = [] });
    }

    [Fact]
    public void A_file_means_the_same_with_precompiled_headers()
    {
        const string Text = "#include <linux/toy.h>\nstatic struct toy one;\nint go(void) { return toy_turn(&one) + sizeof(KBUILD_MODNAME); }\n";
        var with = Read(Text, true, "linux/toy.h");
        Assert.Single(Directory.EnumerateFiles(Path.Combine(scratch, "out"), "*.pch"));
        Assert.Equal(Read(Text, false), with);
        Assert.Contains("toy_turn", with);
    }

    [Fact]
    public void A_file_whose_names_clash_with_a_header_that_it_does_not_include_is_read_without()
    {
        const string Text = "enum { busy, idle };\nint go(void) { return busy; }\n";
        Assert.Equal(Read(Text, false), Read(Text, true, "linux/odd.h"));
    }

    [Fact]
    public void A_file_that_does_not_compile_is_listed_and_left_out()
    {
        var tree = new KernelTree("6.1", scratch, scratch);
        CompiledUnit Unit(string name, string text) => new(name, Encoding.UTF8.GetBytes(text), ["-std=gnu11"]);
        var build = new BuildCommands("a", tree, Path.Combine(scratch, "drivers"), scratch, [Unit("bad.c", "#include <no.h>\n"), Unit("good.c", "int good(void) { return 1; }\n")], [], []);
        var begun = new List<string>();
        var (model, failed) = ClangFrontEnd.ReadTolerant(build, [], null, begun.Add);
        Assert.Equal(["bad.c", "good.c"], begun);
        Assert.Equal("bad.c", Assert.Single(failed).Location.File);
        Assert.Equal("good", Assert.Single(model.Functions, f => f.Origin == FunctionOrigin.Driver).Name);
    }

    public void Dispose() => Directory.Delete(scratch, recursive: true);
}
