// SPDX-License-Identifier: GPL-2.0-only
using Xunit;

namespace DriverSlicer.Lab.Tests;

/// <summary>The masks of the network workload hide what differs between two native runs, and nothing else.</summary>
public class NetMasksTests
{
    private const string Run = """
        == ethtool, reading
        0x20: Tx Normal Priority Ring Addr 0x034c0400 0x00000000
        0x48: Timer count                             0x21a73c61
        0xE4: Rx Ring Addr                 0x034c0000 0x00000000
        0x0020:		00 04 4c 03 00 00 00 00 00 00 00 00 00 00 00 00 
        0x0040:		00 06 80 77 0e a4 00 00 01 44 bb 2b 00 00 00 00 
        0x00e0:		00 00 00 00 00 00 4c 03 00 00 00 00 06 00 00 00 
        $ ethtool -G eth0 rx 128 tx 128
        exit code 81
        k| 8139cp 0000:00:02.0 eth0: RTL-8139C+ at 0x000000001cba6f64, 52:54:00:12:34:56, IRQ 10
        k| 8139cp 0000:00:02.0 eth0: NETDEV WATCHDOG: CPU: 1: transmit queue 0 timed out 6756 ms
        k| 8139cp 0000:00:02.0 eth0: Transmit timeout, status  9   7b    0 80ff
        """;

    [Fact]
    public void Another_boots_addresses_and_clocks_are_equal()
    {
        var other = Run.Replace("0x034c0400", "0x06c40400").Replace("0x034c0000", "0x06c40000")
            .Replace("0x21a73c61", "0x55667788").Replace("00 04 4c 03", "00 04 c4 06").Replace("00 00 4c 03", "00 00 c4 06")
            .Replace("01 44 bb 2b", "99 88 77 66").Replace("1cba6f64", "77777777").Replace("CPU: 1", "CPU: 0").Replace("6756", "6001");
        Assert.Empty(Compare(other));
    }

    [Theory]
    [InlineData("exit code 81", "exit code 0")]
    [InlineData("00 06 80 77", "00 06 80 76")]
    [InlineData("0e a4 00 00", "0f a4 00 00")]
    [InlineData("01 44 bb 2b 00 00 00 00", "01 44 bb 2b 00 00 00 01")]
    [InlineData("0x0020:		00 04 4c 03 00", "0x0020:		00 04 4c 03 01")]
    [InlineData("4c 03 00 00 00 00 06", "4c 03 00 00 00 00 07")]
    [InlineData("0x034c0400 0x00000000", "0x034c0400 0x00000001")]
    [InlineData("52:54:00:12:34:56", "52:54:00:12:34:57")]
    [InlineData("queue 0 timed out", "queue 1 timed out")]
    [InlineData("status  9   7b", "status  8   7b")]
    public void A_planted_difference_is_flagged(string text, string planted)
    {
        Assert.Contains(text, Run);
        Assert.NotEmpty(Compare(Run.Replace(text, planted)));
    }

    [Fact]
    public void A_missing_log_line_is_flagged() =>
        Assert.Equal(
            "k| 8139cp 0000:00:02.0 eth0: Transmit timeout, status  9   7b    0 80ff",
            Assert.Single(Compare(string.Join('\n', Run.Split('\n')[..^1]))).Native);

    [Theory]
    [InlineData("0d 00 00 00 00", true)] // no packet waits
    [InlineData("04 00 00 00 00", false)] // the receiver is off
    [InlineData("0c 00 00 00 01", false)]
    public void Whether_a_packet_waits_is_true_from_one_moment_to_the_next(string text, bool equal)
    {
        const string Line = "0x0030:\t\t00 00 4c 03 00 00 00 0c 00 00 00 00";
        var other = Line.Replace("00 00 4c 03", "00 00 c4 06").Replace("0c 00 00 00 00", text);
        Assert.Equal(equal, TranscriptDiff.Compare([Line], [other], Mask.Load("net", "8139too")).IsEmpty);
    }

    private static TranscriptDifference[] Compare(string other) =>
        [.. TranscriptDiff.Compare([.. Run.Split('\n')], [.. other.Split('\n')], Mask.Load("net", "8139cp"))];
}
