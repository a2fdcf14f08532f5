// SPDX-License-Identifier: GPL-2.0-only
using System.Globalization;
using DriverSlicer.Tests.Host;
using Xunit;

namespace DriverSlicer.Lab.Tests;

/// <summary>lab/tools/ratio.c decides when the guest has measured enough; it is run here on the host.</summary>
public class RatioToolTests
{
    [Fact]
    public async Task Equal_ratios_have_an_interval_of_no_width() =>
        Assert.Equal((1.1, 1.1, 1.1), await Of("100 110\n200 220\n50 55\n80 88\n"));

    [Fact]
    public async Task The_interval_holds_the_median_and_follows_the_noise()
    {
        var (quiet, noisy) = (await Of(Pairs(0.01)), await Of(Pairs(0.10)));
        Assert.InRange(noisy.Median, noisy.Low, noisy.High);
        Assert.InRange(1.0, noisy.Low, noisy.High);
        Assert.True(noisy.High - noisy.Low > 3 * (quiet.High - quiet.Low));
    }

    [Fact]
    public async Task A_slower_driver_is_told_from_an_equal_one()
    {
        var slow = await Of(Pairs(0.01, factor: 0.97));
        Assert.True(slow.High < 1);
    }

    [Fact]
    public async Task Two_pairs_give_the_range_seen() => Assert.Equal((1.0, 0.9, 1.1), await Of("100 90\n100 110\n"));

    [Fact]
    public async Task A_measurement_of_nothing_is_refused() => Assert.Equal(1, (await RunAsync("100 0\n")).Exit);

    private static string Pairs(double noise, double factor = 1) => string.Concat(Enumerable.Range(0, 30).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $"100 {100 * factor * (1 + (noise * Math.Sin(i * 12.9898)))}\n")));

    private static async Task<(double Median, double Low, double High)> Of(string pairs)
    {
        var words = (await RunAsync(pairs)).Output.Split(' ', '\n');
        double After(string name) => double.Parse(words[Array.IndexOf(words, name) + 1], CultureInfo.InvariantCulture);
        return (After("median"), After("low"), After("high"));
    }

    private static async Task<(int Exit, string Output, string Errors)> RunAsync(string pairs)
    {
        var tools = await GuestTools.BuildAsync(LabFolder.Find(), TestContext.Current.CancellationToken);
        var file = Path.GetTempFileName();
        File.WriteAllText(file, pairs);
        var result = CompiledC.Run(tools.Single(t => Path.GetFileName(t) == "ratio"), file);
        File.Delete(file);
        return result;
    }
}
