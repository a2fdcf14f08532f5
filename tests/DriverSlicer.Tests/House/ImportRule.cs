// SPDX-License-Identifier: GPL-2.0-only
using System.Xml.Linq;
using Xunit;

namespace DriverSlicer.Tests.House;

/// <summary>The arrows of ARCHITECTURE.md, read off the project files.</summary>
public sealed class ImportRule
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["DriverSlicer.Model"] = [],
        ["DriverSlicer.Clang"] = ["DriverSlicer.Model"],
        ["DriverSlicer.Analysis"] = ["DriverSlicer.Model"],
        ["DriverSlicer.Emit"] = ["DriverSlicer.Model"],
        ["DriverSlicer.Report"] = ["DriverSlicer.Analysis", "DriverSlicer.Model"],
        ["DriverSlicer.Lab"] = ["DriverSlicer.Model"],
        ["DriverSlicer.Cli"] = ["DriverSlicer.Analysis", "DriverSlicer.Clang", "DriverSlicer.Emit", "DriverSlicer.Lab", "DriverSlicer.Model", "DriverSlicer.Report"],
        ["Microdrivers.Host"] = [],
    };

    [Fact]
    public void Projects_reference_only_what_the_map_allows()
    {
        foreach (var project in Directory.GetFiles(Path.Combine(Checkout.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            var references = XDocument.Load(project).Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)).Order(StringComparer.Ordinal);
            Assert.Equal(Allowed[Path.GetFileNameWithoutExtension(project)], references);
        }
    }

    [Fact]
    public void Only_the_command_line_uses_packages()
    {
        foreach (var project in Directory.GetFiles(Path.Combine(Checkout.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            if (Path.GetFileNameWithoutExtension(project) != "DriverSlicer.Cli")
                Assert.Empty(XDocument.Load(project).Descendants("PackageReference"));
        }
    }

    /// <summary>Beside those, a survey's workers are copies of the tool itself: a crash of libclang ends one of them.</summary>
    [Fact]
    public void Child_processes_stop_at_the_lab_and_the_build_of_compile_commands()
    {
        foreach (var file in Sources("src"))
        {
            if (!file.Contains("DriverSlicer.Lab/") && !file.Contains("DriverSlicer.Clang/Build/") && !file.EndsWith("Survey/WorkerProcess.cs"))
                Assert.DoesNotContain("Process.Start", File.ReadAllText(file));
        }
    }

    [Theory]
    [InlineData("src")]
    [InlineData("kernel")]
    [InlineData("user")]
    [InlineData("specs")]
    public void No_driver_has_its_name_in_the_product(string folder)
    {
        string[] drivers = ["8139", "e1000", "ens137", "i6300", "psmouse", "pvpanic", "uhci", "esb_"];
        foreach (var file in Sources(folder))
        {
            foreach (var line in File.ReadLines(file))
                Assert.DoesNotContain(drivers, d => line.Contains(d, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Checkout.Root, folder), "*", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/") && !f.Contains("/bin/") && Path.GetExtension(f) is ".cs" or ".c" or ".h" or ".toml" or ".S");
}
