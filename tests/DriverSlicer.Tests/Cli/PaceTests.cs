// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Cli.Output;
using Xunit;

namespace DriverSlicer.Tests.Cli;

public sealed class PaceTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(60, 0)]
    public void A_word_waits_for_its_time(int minutes, int said)
    {
        var words = new List<string>();
        var pace = new Pace(words.Add, TimeSpan.FromMinutes(minutes));
        for (var i = 0; i < 3; i++)
            pace.Say($"{i}");
        Assert.Equal(said, words.Count);
    }
}
