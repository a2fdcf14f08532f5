// SPDX-License-Identifier: GPL-2.0-only
using Microdrivers.Host;
using Xunit;

namespace DriverSlicer.Tests.Host;

/// <summary>The filter is run here as the kernel runs it: load, two sorts of jumps, return.</summary>
public class ConfinementTests
{
    private const uint Allow = 0x7fff0000, Kill = 0x80000000, NotPermitted = 0x00050001, NotImplemented = 0x00050026;
    private const ulong X64 = 0xC000003E;

    [Theory]
    [InlineData(8)] // lseek, by which the user half serves
    [InlineData(16)] // ioctl
    [InlineData(202)] // futex
    [InlineData(231)] // exit_group
    public void What_serving_needs_passes(uint call) => Assert.Equal(Allow, Run(call));

    [Theory]
    [InlineData(2)] // open
    [InlineData(41)] // socket
    [InlineData(59)] // execve
    [InlineData(101)] // ptrace
    [InlineData(257)] // openat
    [InlineData(0x40000000 | 16)] // ioctl by the numbers of x32
    public void All_else_is_refused(uint call) => Assert.Equal(NotPermitted, Run(call));

    [Theory]
    [InlineData(3, 0x22, Allow)] // private memory
    [InlineData(3, 0x21, NotPermitted)] // shared: no limit counts it
    [InlineData(3, 0x122, NotPermitted)] // growing: likewise
    [InlineData(5, 0x22, NotPermitted)] // to be executed
    public void Memory_is_private_and_no_code(ulong protection, ulong flags, uint answer) => Assert.Equal(answer, Run(9, 0, 4096, protection, flags));

    [Theory]
    [InlineData(3, Allow)]
    [InlineData(7, NotPermitted)]
    public void Memory_does_not_become_code(ulong protection, uint answer) => Assert.Equal(answer, Run(10, 0, 4096, protection));

    [Theory]
    [InlineData(56, 0x3d0f00, Allow)] // a thread
    [InlineData(56, 0x1200011, NotPermitted)] // a process
    [InlineData(435, 0, NotImplemented)] // clone3: the library then uses clone
    public void A_thread_may_be_started_and_no_process(uint call, ulong flags, uint answer) => Assert.Equal(answer, Run(call, flags));

    [Theory]
    [InlineData(62)] // kill
    [InlineData(234)] // tgkill
    public void Only_itself_is_signalled(uint call)
    {
        Assert.Equal(Allow, Run(call, (ulong)Environment.ProcessId));
        Assert.Equal(NotPermitted, Run(call, (ulong)Environment.ProcessId + 1));
    }

    [Theory]
    [InlineData(302)] // prlimit64
    [InlineData(203)] // sched_setaffinity
    public void Only_itself_is_limited(uint call)
    {
        Assert.Equal(Allow, Run(call, 0));
        Assert.Equal(NotPermitted, Run(call, 1));
    }

    [Fact]
    public void Another_architecture_is_the_end() => Assert.Equal(Kill, Run((16, 0x40000003), []));

    private static uint Run(uint call, params ulong[] arguments) => Run((call, X64), arguments);

    private static uint Run((uint Call, ulong Architecture) what, ulong[] arguments)
    {
        var program = Confinement.Program();
        uint loaded = 0;
        for (var at = 0; ; at++)
        {
            var (code, constant) = ((ushort)program[at], (uint)(program[at] >> 32));
            var (then, otherwise) = ((byte)(program[at] >> 16), (byte)(program[at] >> 24));
            switch (code)
            {
                case 0x20:
                    loaded = constant switch
                    {
                        0 => what.Call,
                        4 => (uint)what.Architecture,
                        _ => (uint)arguments.ElementAtOrDefault((int)(constant - 16) / 8),
                    };
                    break;
                case 0x15:
                    at += loaded == constant ? then : otherwise;
                    break;
                case 0x45:
                    at += (loaded & constant) != 0 ? then : otherwise;
                    break;
                case 0x06:
                    return constant;
                default:
                    throw new InvalidOperationException($"instruction {code:x}");
            }
        }
    }
}
