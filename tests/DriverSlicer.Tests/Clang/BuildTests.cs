// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Clang;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Clang;

/// <summary>Against the machine's own kernel headers and Kbuild.</summary>
public sealed class BuildTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("driverslicer-test-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void A_directory_with_a_Kbuild_file_is_compiled_as_Kbuild_would()
    {
        Write("Kbuild", "obj-m += two-parts.o\ntwo-parts-y := first.o\ntwo-parts-$(CONFIG_PCI) += second.o\ntwo-parts-$(CONFIG_NO_SUCH) += third.o\nccflags-y := -DEXTRA=1 -I$(src)/inc\n");
        Write("inc/own.h", "static inline int own(struct device *d) { return d->id + EXTRA; }\n");
        Write("first.c", "#include <linux/device.h>\n#include <linux/module.h>\n#include \"own.h\"\nint second(struct device *d);\nint first(struct device *d);\nint first(struct device *d) { return own(d) + second(d); }\nMODULE_LICENSE(\"GPL\");\n");
        Write("second.c", "#include <linux/device.h>\nint second(struct device *d);\nint second(struct device *d) { return d->id; }\n");

        var build = BuildCommands.Load(directory.FullName);
        Assert.Equal("two-parts", build.Module);
        Assert.Equal(["first.c", "second.c"], build.Units.Select(u => u.Path));
        Assert.Equal(["-DEXTRA=1", $"-I{directory.FullName}/inc"], build.ExtraFlags);

        var model = ClangFrontEnd.Read(build, []);
        Assert.Equal(["first.o", "second.o"], model.Objects);
        Assert.Equal("inc/own.h", Assert.Single(model.Files[0].Included).Path);
        Assert.Equal(FunctionOrigin.Driver, model.Function("own").Origin);
        Assert.Equal((FunctionOrigin.Driver, "second.c"), (model.Function("second").Origin, model.Function("second").Unit));
        Assert.Equal(["device.id Read"], model.Facts("own").Accesses());
    }

    [Theory]
    [InlineData("i6300ezb", "DS0104", "i6300esb")]
    [InlineData("drivers/watchdog", "DS0106", "i6300esb")]
    [InlineData("qqqqqqqqqqq", "DS0104", "a directory")]
    public void A_driver_that_is_not_there_is_named_with_a_way_on(string driver, string id, string next)
    {
        var trouble = Assert.Throws<DiagnosticException>(() => BuildCommands.Load(driver));
        Assert.Equal((id, 2), (trouble.Diagnostic.Id, trouble.ExitCode));
        Assert.Contains(next, trouble.Diagnostic.Next);
    }

    [Theory]
    [InlineData(null, "neither a Kbuild file nor a Makefile")]
    [InlineData("# nothing\n", "no 'obj-m += NAME.o' line")]
    [InlineData("obj-m += gone.o\n", "names gone.o, but there is no such C file")]
    public void A_directory_without_a_driver_says_so(string? kbuild, string reason)
    {
        if (kbuild != null)
            Write("Kbuild", kbuild);
        var trouble = Assert.Throws<DiagnosticException>(() => BuildCommands.Load(directory.FullName, KernelTree.Installed(Environment.GetEnvironmentVariable("DRIVERSLICER_KERNEL"))));
        Assert.Equal("DS0105", trouble.Diagnostic.Id);
        Assert.Contains(reason, trouble.Diagnostic.Message);
    }

    [Fact]
    public void Missing_headers_name_their_package()
    {
        var trouble = Assert.Throws<DiagnosticException>(() => BuildCommands.Load("i6300esb", "9.9.9-none"));
        Assert.Equal("DS0102", trouble.Diagnostic.Id);
        Assert.EndsWith("apt-get install linux-headers-9.9.9-none", trouble.Diagnostic.Next, StringComparison.Ordinal);
        Assert.Contains(KernelTree.NewestRelease(), trouble.Diagnostic.Next, StringComparison.Ordinal);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(directory.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
