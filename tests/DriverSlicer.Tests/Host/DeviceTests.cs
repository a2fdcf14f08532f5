// SPDX-License-Identifier: GPL-2.0-only
using Microdrivers.Host;
using Xunit;

namespace DriverSlicer.Tests.Host;

public class DeviceTests
{
    [Fact]
    public void Missing_device_node_asks_to_load_the_runtime()
    {
        var failure = Assert.Throws<HostFailure>(() => Device.Open("/dev/no-such-microdriver"));

        Assert.StartsWith("cannot open /dev/no-such-microdriver: No such file or directory", failure.Message);
        Assert.Contains("Next: load the runtime module (modprobe microdriver", failure.Message);
    }

    [Fact]
    public void Node_of_another_driver_does_not_answer_hello()
    {
        var file = Device.Open("/dev/zero");

        var failure = Assert.Throws<HostFailure>(() => Device.Negotiate(file));

        Assert.Contains("check --device", failure.Message);
        _ = Libc.Close(file);
    }

    [Theory]
    [InlineData(Wire.Version - 1, "update microdriver.ko")]
    [InlineData(Wire.Version + 1, "update microdriver-host")]
    public void Different_versions_name_the_side_to_update(uint module, string next)
    {
        var failure = Assert.Throws<HostFailure>(() => Device.CheckVersion(module));

        Assert.Contains($"speaks version {module}", failure.Message);
        Assert.Contains(next, failure.Message);
    }
}
