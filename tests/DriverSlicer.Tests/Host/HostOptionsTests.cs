// SPDX-License-Identifier: GPL-2.0-only
using Microdrivers.Host;
using Xunit;

namespace DriverSlicer.Tests.Host;

public class HostOptionsTests
{
    [Fact]
    public void Driver_and_half_are_enough()
    {
        var options = HostOptions.Parse(["--driver", "8139cp", "--half", "/lib/8139cp.so"]);

        Assert.Equal(new HostOptions("8139cp", "/lib/8139cp.so", "/dev/microdriver", null, 2 * Environment.ProcessorCount, Confined: true), options);
    }

    [Fact]
    public void Paths_become_absolute_because_the_host_leaves_its_folder()
    {
        var options = HostOptions.Parse(["--driver", "a", "--half", "a.so", "--trace", "t.txt"]);

        Assert.Equal((Path.GetFullPath("a.so"), Path.GetFullPath("t.txt")), (options.Half, options.Trace));
    }

    [Fact]
    public void Trace_needs_no_file_even_before_another_option()
    {
        var options = HostOptions.Parse(["--trace", "--driver", "a", "--half", "/a.so", "--threads", "3"]);

        Assert.Equal(("", 3), (options.Trace, options.Threads));
    }

    [Theory]
    [InlineData("--half is missing", "--driver", "a")]
    [InlineData("--driver is missing", "--half", "a.so")]
    [InlineData("--driver needs a value", "--driver", "--half", "a.so")]
    [InlineData("unknown argument '--fast'", "--fast")]
    [InlineData("--threads wants a number from 1 to", "--threads", "0")]
    [InlineData("--threads wants a number from 1 to", "--threads", "many")]
    public void Wrong_use_is_named_and_answered_with_the_usage(string message, params string[] args)
    {
        var failure = Assert.Throws<HostFailure>(() => HostOptions.Parse(args));

        Assert.StartsWith(message, failure.Message);
        Assert.Contains("Next: usage: microdriver-host", failure.Message);
        Assert.Equal(ExitCode.WrongUse, failure.ExitCode);
    }
}
