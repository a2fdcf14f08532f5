// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Clang;

namespace DriverSlicer.Tests.Clang;

public sealed class HeaderChoiceTests : IDisposable
{
    private readonly string scratch = Directory.CreateTempSubdirectory("headers-").FullName;

    [Fact]
    public void Only_headers_of_the_kernel_count_and_no_tracepoints() => Assert.Equal(
        ["linux/pci.h", "linux/slab.h"],
        HeaderChoice.Included("#include <linux/pci.h>\n#include \"own.h\"\n # include <trace/events/toy.h>\n#include <linux/slab.h>\n#include <linux/pci.h>\n// #include <linux/no.h>\n"));

    [Fact]
    public void Rare_headers_are_not_worth_it()
    {
        var files = Enumerable.Range(0, 200).Select(i => i < 5 ? ImmutableArray.Create("linux/common.h", "linux/rare.h") : ["linux/common.h", "linux/often.h"]).ToArray();
        Assert.Equal(["linux/common.h", "linux/often.h"], HeaderChoice.Frequent(files));
    }

    [Fact]
    public void A_few_files_are_read_without()
    {
        foreach (var i in Enumerable.Range(0, 20))
            File.WriteAllText(Path.Combine(scratch, $"f{i}.c"), "#include <linux/pci.h>\n");
        ModuleSource Module(int files) => new("drivers/toy/toy", [.. Enumerable.Range(0, files).Select(i => new ModuleFile($"../../f{i}.c", []))], null);
        Assert.Empty(HeaderChoice.Of([Module(2)], scratch));
        Assert.Equal(["linux/pci.h"], HeaderChoice.Of([Module(20)], scratch)["drivers/toy/toy"]);
    }

    public void Dispose() => Directory.Delete(scratch, recursive: true);
}
