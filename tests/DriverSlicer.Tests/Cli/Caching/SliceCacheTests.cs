// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Clang;
using DriverSlicer.Cli;
using DriverSlicer.Cli.Caching;
using DriverSlicer.Cli.Output;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Cli.Caching;

public sealed class SliceCacheTests : IDisposable
{
    private readonly DirectoryInfo scratch = Directory.CreateTempSubdirectory("slices-");
    private readonly List<string> said = [];

    public SliceCacheTests()
    {
        Write("driver/Kbuild", "obj-m += toy.o\n");
        Write("driver/toy.h", "#define TOY 1\n");
        Write("driver/toy.c", "#include <linux/module.h>\n#include \"toy.h\"\nstatic int __init toy_init(void) { return TOY - 1; }\nmodule_init(toy_init);\nMODULE_LICENSE(\"GPL\");\n");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Checkout.Root, "specs")))
            Write("specs/" + Path.GetFileName(file), File.ReadAllText(file));
        Age();
        Ask();
    }

    private string Driver => Path.Combine(scratch.FullName, "driver");

    [Fact]
    public void An_unchanged_driver_is_not_read_again_and_analysed_the_same()
    {
        var (again, key) = Ask();
        Assert.True(WasKnown);
        var cold = Slicer.Slice(KernelTree.Installed(), Driver, SliceAbilities.Today, _ => { });
        Assert.Null(cold.FilesRead);
        Assert.Equal(ModelFile.ToText(cold.Model), ModelFile.ToText(again.Model));
        Assert.Equal(cold.Input.AsEnumerable(), again.Input, (a, b) => a.Text == b.Text && a.Path == b.Path);

        var text = AnalysisReport.Of(again);
        Cache.Store(key, text, again.FilesRead!);
        var found = Cache.FindAnalysis(key)!;
        Assert.Equal(text.Json, found.Json);
        Assert.Equal(text.Summary.AsEnumerable(), found.Summary);
        Assert.Equal(text.Diagnostics.AsEnumerable(), found.Diagnostics);
        Assert.Equal(text.Functions.Select(f => string.Join('|', f)), found.Functions.Select(f => string.Join('|', f)));
    }

    [Fact]
    public void A_changed_header_is_a_miss()
    {
        Write("driver/toy.h", "#define TOY 2\n");
        Age();
        Ask();
        Assert.False(WasKnown);
        Ask();
        Assert.True(WasKnown);
    }

    [Fact]
    public void So_is_a_changed_source_file()
    {
        File.AppendAllText(Path.Combine(Driver, "toy.c"), "/* */\n");
        Ask();
        Assert.False(WasKnown);
    }

    [Fact]
    public void So_is_a_changed_spec()
    {
        File.AppendAllText(Path.Combine(scratch.FullName, "specs/locks.toml"), "# nothing\n");
        Ask();
        Assert.False(WasKnown);
    }

    [Fact]
    public void So_is_a_choice_of_the_driver()
    {
        Write("driver/slice.toml", "[functions]\ntoy_init = \"kernel\"\n");
        Ask();
        Assert.False(WasKnown);
    }

    [Fact]
    public void A_damaged_entry_is_passed_over_and_written_again()
    {
        foreach (var entry in Directory.EnumerateFiles(Path.Combine(scratch.FullName, "cache"), "*", SearchOption.AllDirectories))
            File.WriteAllText(entry, "damaged");
        Ask();
        Assert.False(WasKnown);
        Ask();
        Assert.True(WasKnown);
    }

    public void Dispose() => scratch.Delete(recursive: true);

    private bool WasKnown => said.Any(s => s.Contains("nothing of it has changed", StringComparison.Ordinal));

    private SliceCache Cache => new(new EntryStore(Path.Combine(scratch.FullName, "cache"), 1 << 30), ToolStamp.Of(Path.Combine(scratch.FullName, "specs")));

    private (Sliced Sliced, string Key) Ask()
    {
        said.Clear();
        var commands = BuildCommands.Load(Driver);
        return (Slicer.Slice(commands, SliceAbilities.Today, said.Add, null, Cache), Cache.Key(commands, null, SliceAbilities.Today));
    }

    private void Write(string path, string text)
    {
        var full = Path.Combine(scratch.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    // What is younger than the question is not kept.
    private void Age() => File.SetLastWriteTimeUtc(Path.Combine(Driver, "toy.h"), DateTime.UtcNow.AddMinutes(-1));
}
