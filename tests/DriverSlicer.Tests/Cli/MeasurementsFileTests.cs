// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Cli.Reporting;
using DriverSlicer.Model;
using DriverSlicer.Report;

namespace DriverSlicer.Tests.Cli;

public sealed class MeasurementsFileTests
{
    private const string Run = """
        {
          "schema": 1, "driver": "card", "kernel": "6.1", "workload": "/lab/guest/net-load.sh",
          "native": { "ok": true, "send_mbps": 900, "mystery": 4 },
          "micro": { "ok": true, "send_mbps": 890, "upcalls": 0, "mirror_pages": 7, "failure": "none" },
          "ratio": { "send": { "median": 0.99, "lower": 0.98, "upper": 1.01, "pairs": 4 } }
        }
        """;

    [Fact]
    public void What_both_sides_measured_is_paired_in_words()
    {
        var found = Read(Run).Of("card");
        Assert.Equal("net-load", found.Workload);
        Assert.Equal(
            [
                new Measurement("send_mbps", "sending, Mbit/s", 900, 890), new Measurement("upcalls", "calls into the user process", null, 0),
                new Measurement("mystery", "mystery", 4, null),
            ],
            found.Sides);
        Assert.Equal([new MeasuredRatio("send", "sending, microdriver against native", 0.99, 0.98, 1.01, 4)], found.Ratios);
    }

    [Fact]
    public void Another_drivers_measurements_are_refused() =>
        Assert.Contains("of card, not of disk", Assert.Throws<DiagnosticException>(() => Read(Run).Of("disk")).Diagnostic.Message);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{ "driver": "card", "kernel": 5, "workload": "x" }""")]
    [InlineData("""{ "driver": "card", "kernel": "6.1", "workload": "x", "ratio": { "send": 3 } }""")]
    public void Anything_else_is_refused(string text) => Assert.Equal("DS0707", Assert.Throws<DiagnosticException>(() => Read(text)).Diagnostic.Id);

    [Fact]
    public void Published_figures_of_the_repository_can_be_read()
    {
        var figures = PublishedFile.Read(Path.Combine(Checkout.Root, "lab/published.json"));
        Assert.Superset(new HashSet<string> { "Microdrivers", "Decaf", "KSplit", "SUD" }, figures.Select(f => f.System).ToHashSet());
        Assert.All(figures, f => Assert.True(f.Low <= f.High && f.Source.Length > 0 && f.Basis.Length > 0));
    }

    private static MeasurementsFile Read(string text)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            return MeasurementsFile.Read(path)!;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
