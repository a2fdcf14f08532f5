// SPDX-License-Identifier: GPL-2.0-only
using Xunit;

namespace DriverSlicer.Lab.Tests;

public class RecordingTests
{
    private static readonly short[] Ramp = [.. Enumerable.Range(4096, 100).Select(n => (short)n)];

    [Fact]
    public void A_constant_is_its_value_and_length_and_of_anything_else_every_sample_counts()
    {
        var heard = Recording.Describe(Some.Wav([.. Repeat(2560, 882), .. Ramp], []));
        Assert.Equal(["left: level 2560 for 20 ms", "left: 100 samples"], heard.Select(l => l.Contains("samples", StringComparison.Ordinal) ? l[..17] : l));
    }

    [Fact]
    public void How_long_silence_lasts_does_not_matter() =>
        Assert.Equal(
            Recording.Describe(Some.Wav([.. Repeat(2560, 441), .. Ramp], [])),
            Recording.Describe(Some.Wav([.. Repeat(0, 50), .. Repeat(2560, 400), .. Repeat(0, 90), .. Repeat(2560, 41), .. Ramp[..50], 0, 0, .. Ramp[50..], 256, -32512], [])));

    [Fact]
    public void A_lost_sample_is_noticed()
    {
        short[] lost = [.. Ramp[..40], .. Ramp[41..]], swapped = [.. Ramp[..40], Ramp[41], Ramp[40], .. Ramp[42..]];
        Assert.NotEqual(Recording.Describe(Some.Wav(Ramp, [])), Recording.Describe(Some.Wav(lost, [])));
        Assert.NotEqual(Recording.Describe(Some.Wav(Ramp, [])), Recording.Describe(Some.Wav(swapped, [])));
    }

    [Fact]
    public void Channels_stand_for_themselves() =>
        Assert.Equal(
            ["left: level 2560 for 20 ms", "right: level -2560 for 10 ms"],
            Recording.Describe(Some.Wav(Repeat(2560, 882), [.. Repeat(0, 300), .. Repeat(-2560, 441)])));

    [Fact]
    public void A_resamplers_edge_is_no_sound() =>
        Assert.Equal(
            ["left: level 2559 for 50 ms", "left: level -2560 for 50 ms"],
            Recording.Describe(Some.Wav([.. Repeat(2559, 2206), 1700, 900, -500, -1300, .. Repeat(-2560, 2204)], [])));

    [Fact]
    public void Something_else_than_a_recording_is_refused() =>
        Assert.Throws<ArgumentException>(() => Recording.Describe("RIFF"u8));

    private static short[] Repeat(short value, int count) => [.. Enumerable.Repeat(value, count)];
}
