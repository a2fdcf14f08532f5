// SPDX-License-Identifier: GPL-2.0-only
using Microdrivers.Host;
using Xunit;

namespace DriverSlicer.Tests.Host;

/// <summary>The host as a process: what its starter sees.</summary>
public class ProcessTests
{
    [Fact]
    public void Without_the_runtime_it_fails_with_the_next_step_under_its_drivers_name()
    {
        var (exit, _, errors) = Host("--driver", "8139cp", "--half", "/8139cp.so", "--device", "/dev/no-such-microdriver");

        Assert.Equal(ExitCode.Failed, exit);
        Assert.StartsWith("microdriver: host 8139cp: cannot open /dev/no-such-microdriver:", errors);
        Assert.Contains("Next: load the runtime module", errors);
    }

    [Fact]
    public void Wrong_use_has_its_own_exit_code() => Assert.Equal(ExitCode.WrongUse, Host("--fast").Exit);

    [Fact]
    public void Help_is_no_failure()
    {
        var (exit, _, errors) = Host("--help");

        Assert.Equal((ExitCode.Fine, HostOptions.Usage + "\n"), (exit, errors));
    }

    [Theory]
    [InlineData("7f0a00000000-7f0a00002000 r-xp 00001000 08:01 42  /usr/lib/libc.so.6", true)]
    [InlineData("7f0a00000000-7f0a00002000 ---p 00001000 08:01 42  /usr/lib/libc.so.6", false)]
    [InlineData("010000000000-290000000000 rw-s 00000000 00:05 42  /dev/microdriver", false)]
    [InlineData("7f0a00000000-7f0a00002000 rw-p 00000000 00:00 0   [heap]", false)]
    [InlineData("7f0a00000000-7f0a00002000 rw-p 00000000 00:00 0", false)]
    public void Only_readable_parts_of_files_are_read_ahead(string line, bool expected)
    {
        Assert.Equal(expected, Protection.IsCode(line, out _, out var length));
        Assert.Equal(expected ? 0x2000ul : 0, length);
    }

    static (int Exit, string Output, string Errors) Host(params string[] args) =>
        CompiledC.Run("dotnet", ["exec", typeof(HostOptions).Assembly.Location, .. args]);
}
