// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Clang;
using Xunit;

namespace DriverSlicer.Tests.Clang;

public sealed class SourcePackageTests
{
    // Found in the wild: a driver's registers stand in a header that Kbuild copies from what the package ships.
    [Fact]
    public void What_is_shipped_is_there_without_a_build()
    {
        var tree = Directory.CreateTempSubdirectory("shipped");
        try
        {
            var folder = tree.CreateSubdirectory("drivers/card").FullName;
            File.WriteAllText(Path.Combine(folder, "regs.h_shipped"), "#define REG 1\n");
            SourcePackage.UseShipped(tree.FullName);
            Assert.Equal("#define REG 1\n", File.ReadAllText(Path.Combine(folder, "regs.h")));
        }
        finally
        {
            tree.Delete(recursive: true);
        }
    }
}
