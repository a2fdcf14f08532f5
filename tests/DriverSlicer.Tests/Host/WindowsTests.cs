// SPDX-License-Identifier: GPL-2.0-only
using Microdrivers.Host;
using Xunit;

namespace DriverSlicer.Tests.Host;

public class WindowsTests
{
    const ulong Size = 1 << 20, Place = 0x3000_0000_0000;

    [Fact]
    public void Windows_lie_where_the_runtime_suggests_and_an_empty_one_nowhere()
    {
        var starts = MapOnZeroDevice(new WindowInfo { Size = Size, Suggested = Place }, default);

        Assert.Equal([Place, 0ul, 0ul, 0ul], starts);
        Unmap(starts);
    }

    [Fact]
    public void A_window_whose_place_is_taken_lies_elsewhere()
    {
        var window = new WindowInfo { Size = Size, Suggested = Place + 2 * Size };

        var starts = MapOnZeroDevice(window, window);

        Assert.Equal(window.Suggested, starts[0]);
        Assert.NotEqual(window.Suggested, starts[1]);
        Assert.NotEqual(0ul, starts[1]);
        Unmap(starts);
    }

    [Fact]
    public void A_window_that_does_not_fit_says_what_limits_it()
    {
        var huge = new WindowInfo { Size = 1ul << 48, Suggested = Place };

        var failure = Assert.Throws<HostFailure>(() => MapOnZeroDevice(huge, default));

        Assert.Contains("262144 GiB at 0x300000000000", failure.Message);
        Assert.Contains("ulimit -v unlimited", failure.Message);
    }

    static ulong[] MapOnZeroDevice(WindowInfo first, WindowInfo second)
    {
        var hello = new Hello();
        (hello.Window[0], hello.Window[1]) = (first, second);
        var file = Device.Open("/dev/zero");
        try
        {
            return Windows.Map(file, hello);
        }
        finally
        {
            _ = Libc.Close(file);
        }
    }

    static void Unmap(ulong[] starts)
    {
        foreach (var start in starts.Where(start => start != 0))
            _ = Libc.Unmap((nint)start, (nuint)Size);
    }
}
