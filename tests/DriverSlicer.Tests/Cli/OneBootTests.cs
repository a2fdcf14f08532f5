// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Cli.Running;
using DriverSlicer.Lab;
using Xunit;

namespace DriverSlicer.Tests.Cli;

public class OneBootTests
{
    private static readonly LabResult Measured = new(
        Ok: true, ["== load"],
        new Dictionary<string, double>
        {
            ["native.send_mbps"] = 900,
            ["send_mbps"] = 890,
            ["upcalls_during_load"] = 0,
            ["ratio.send.median"] = 0.9889,
            ["ratio.send.low"] = 0.98,
            ["ratio.send.high"] = 1.01,
            ["ratio.send.pairs"] = 4,
        }.ToImmutableSortedDictionary(), ["BUG: x"], "", null);

    [Fact]
    public void Each_side_gets_its_own_metrics()
    {
        var both = OneBoot.Split(Measured, microdriver: true);
        Assert.Equal(["send_mbps"], both.Native!.Metrics.Keys);
        Assert.Equal(900, both.Native.Metrics["send_mbps"]);
        Assert.Equal(["send_mbps", "upcalls_during_load"], both.Micro!.Metrics.Keys);
        Assert.Equal(890, both.Micro.Metrics["send_mbps"]);
    }

    [Fact]
    public void A_report_of_the_one_kernel_is_listed_once()
    {
        var both = OneBoot.Split(Measured, microdriver: true);
        Assert.Empty(both.Native!.KernelReports);
        Assert.Equal(["BUG: x"], both.Micro!.KernelReports);
    }

    [Fact]
    public void The_ratio_says_its_interval_and_how_often_it_was_measured() =>
        Assert.Equal("98.9% (98.0 to 101.0, 4 pairs)", Assert.Single(OneBoot.Split(Measured, microdriver: true).Ratios).ToString());

    [Fact]
    public void A_native_boot_has_no_other_side() => Assert.Null(OneBoot.Split(Measured, microdriver: false).Micro);
}
