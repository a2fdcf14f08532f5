// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Clang;
using DriverSlicer.Cli.Caching;
using DriverSlicer.Cli.Survey;

namespace DriverSlicer.Tests.Cli.Survey;

public sealed class FactCacheTests : IDisposable
{
    private static readonly ModuleSource Module = new("drivers/toy/toy", [new ModuleFile("toy.c", ["-DX=1"])], null);

    private readonly string scratch = Directory.CreateTempSubdirectory("facts-").FullName;
    private readonly string header;

    public FactCacheTests()
    {
        Directory.CreateDirectory(Path.Combine(scratch, "tree/drivers/toy"));
        header = Path.Combine(scratch, "tree/drivers/toy/toy.h");
        File.WriteAllText(Path.Combine(scratch, "tree/drivers/toy/toy.c"), "int x;\n");
        File.WriteAllText(header, "#define TOY 1\n");
        Cache("stamp").Store(Module, Tree, new ModuleResult(Module.Path, 1)
        {
            All = new Amount(3, 30),
            Headers = ImmutableSortedDictionary<string, string>.Empty.Add(header, Digest.OfFile(header)),
        });
    }

    private string Tree => Path.Combine(scratch, "tree");

    private FactCache Cache(string stamp) => new(Path.Combine(scratch, "cache"), stamp);

    [Fact]
    public void An_unchanged_module_is_known_again()
    {
        File.SetLastWriteTimeUtc(header, DateTime.UnixEpoch);
        Assert.Equal(new Amount(3, 30), Cache("stamp").Find(Module, Tree)?.All);
    }

    [Fact]
    public void A_changed_file_is_read_again()
    {
        File.WriteAllText(Path.Combine(scratch, "tree/drivers/toy/toy.c"), "int y;\n");
        Assert.Null(Cache("stamp").Find(Module, Tree));
    }

    [Fact]
    public void A_changed_header_too()
    {
        File.WriteAllText(header, "#define TOY 2\n");
        Assert.Null(Cache("stamp").Find(Module, Tree));
    }

    [Fact]
    public void And_a_header_that_is_gone()
    {
        File.Delete(header);
        Assert.Null(Cache("stamp").Find(Module, Tree));
    }

    [Fact]
    public void Other_flags_are_another_module() =>
        Assert.Null(Cache("stamp").Find(Module with { Files = [new ModuleFile("toy.c", ["-DX=2"])] }, Tree));

    [Fact]
    public void Another_slicer_or_kernel_knows_nothing_of_it() => Assert.Null(Cache("other").Find(Module, Tree));

    [Fact]
    public void A_damaged_entry_is_as_good_as_none()
    {
        foreach (var entry in Directory.EnumerateFiles(Path.Combine(scratch, "cache"), "*.entry", SearchOption.AllDirectories))
            File.WriteAllText(entry, "{");
        Assert.Null(Cache("stamp").Find(Module, Tree));
    }

    public void Dispose() => Directory.Delete(scratch, recursive: true);
}
