// SPDX-License-Identifier: GPL-2.0-only
using Xunit;

namespace DriverSlicer.Lab.Tests;

public class GuestLogTests
{
    [Fact]
    public void Script_lines_come_before_the_kernels_within_a_step()
    {
        var log = Parse("""
            [    0.1] booting
            [    1.0] @@B 1
            [    1.1] @@S load
            [    1.2] nic: probed
            [    1.3] @@T ok: modprobe
            [    1.4] @@S unload
            [    1.5] nic: gone
            [    1.6] @@RC 0
            [    1.7] reboot: Power down
            """);
        Assert.Equal(["== load", "ok: modprobe", "k| nic: probed", "== unload", "k| nic: gone"], log.Transcript);
        Assert.True(log.Booted);
        Assert.Equal(0, log.ExitCode);
        Assert.Equal("unload", log.LastStep);
    }

    [Fact]
    public void Lines_of_the_runtime_are_not_compared() =>
        Assert.Equal(["== load"], Parse("@@S load\n[ 1.0] microdriver: host started").Transcript);

    [Fact]
    public void Metrics_are_numbers_and_the_last_value_counts()
    {
        var metrics = Parse("@@M init_ms=3.5\n@@M upcalls=7\n@@M upcalls=9\n@@M junk=x").Metrics;
        Assert.Equal([("init_ms", 3.5), ("upcalls", 9)], metrics.Select(m => (m.Key, m.Value)));
    }

    [Fact]
    public void A_guest_that_dies_has_no_exit_code() => Assert.Null(Parse("@@B 1\n@@S load\nKernel panic").ExitCode);

    [Theory]
    [InlineData("[   12.345678] text", "text")]
    [InlineData("[   12.345678][   T42] text", "text")]
    [InlineData("text\r", "text")]
    public void Time_stamps_are_taken_off(string line, string text) => Assert.Equal(text, ConsoleLine.Text(line));

    private static GuestLog Parse(string console) => GuestLog.Parse(console.Split('\n'));
}
