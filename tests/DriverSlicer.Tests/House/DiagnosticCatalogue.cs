// SPDX-License-Identifier: GPL-2.0-only
using System.Text.RegularExpressions;

namespace DriverSlicer.Tests.House;

public sealed class DiagnosticCatalogue
{
    private static readonly string Catalogue = File.ReadAllText(Path.Combine(Checkout.Root, "docs/reference/diagnostics.md"));

    [Fact]
    public void Every_diagnostic_of_the_source_is_explained()
    {
        var used = Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/")).SelectMany(f => Regex.Matches(File.ReadAllText(f), "\"(DS[0-9]{4})\"").Select(m => m.Groups[1].Value));
        Assert.DoesNotContain(used, id => !Catalogue.Contains($"| {id} |", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_construct_of_the_analysis_is_explained()
    {
        var text = File.ReadAllText(Path.Combine(Checkout.Root, "src/DriverSlicer.Analysis/FieldAccess/Trouble.cs"));
        var numbers = Regex.Matches(text, @"= (\d+),").Select(m => 500 + int.Parse(m.Groups[1].Value)).ToArray();
        Assert.NotEmpty(numbers);
        Assert.DoesNotContain(numbers, n => !Catalogue.Contains($"| DS{n:0000} |", StringComparison.Ordinal));
    }
}
