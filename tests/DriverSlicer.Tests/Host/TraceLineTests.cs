// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using Microdrivers.Host;
using Xunit;

namespace DriverSlicer.Tests.Host;

public class TraceLineTests
{
    [Fact]
    public void Nested_calls_are_indented_and_errors_readable()
    {
        var lines = Text(FrameKind.Upcall, 0, "cp_open", 0, [0x10000a3c000])
            + Text(FrameKind.Downcall, 1, "request_irq", 0, [0xb, 0x4005f0, 0x80])
            + Text(FrameKind.Result, 1, "request_irq", 0xffffffea, [])
            + Text(FrameKind.Return, 0, "cp_open", unchecked((ulong)-22L), []);

        Assert.Equal("""
               412      +12.4 us  up    cp_open(0x10000a3c000)
               412      +12.4 us    down  request_irq(0xb, 0x4005f0, 0x80)
               412      +12.4 us    back  request_irq = 0xffffffea (-22)
               412      +12.4 us  done  cp_open = 0xffffffffffffffea (-22)

            """, lines);
    }

    [Theory]
    [InlineData(0ul, "f = 0x0\n")]
    [InlineData(0xfffff001ul, "f = 0xfffff001 (-4095)\n")]
    [InlineData(0xfffff000ul, "f = 0xfffff000\n")]
    [InlineData(0xffff888000000000ul, "f = 0xffff888000000000\n")]
    public void Only_error_values_are_shown_as_numbers(ulong value, string end) =>
        Assert.EndsWith(end, Text(FrameKind.Result, 0, "f", value, []));

    [Fact]
    public void A_call_without_arguments_keeps_its_parentheses() =>
        Assert.EndsWith("down  rtnl_lock()\n", Text(FrameKind.Downcall, 0, "rtnl_lock", 0, []));

    [Fact]
    public void In_the_kernel_log_a_line_says_whose_it_is() =>
        Assert.StartsWith("<7>microdriver: trace ", Text(FrameKind.Exit, 0, "", 0, [], kernelLog: true));

    [Fact]
    public void The_longest_event_fits()
    {
        var args = Enumerable.Repeat(ulong.MaxValue, TraceLine.MaxArgs + 5).ToArray();

        var line = Text(FrameKind.Downcall, uint.MaxValue / 2, new string('n', 4000), 0, args,
            kernelLog: true, micros: 1e18, thread: int.MaxValue);

        Assert.EndsWith("0xffffffffffffffff)\n", line);
    }

    static string Text(FrameKind kind, uint depth, string name, ulong value, ulong[] args,
        bool kernelLog = false, double micros = 12.4, int thread = 412)
    {
        Span<byte> line = stackalloc byte[TraceLine.MaxBytes];
        var length = TraceLine.Format(line, new TraceEvent
        {
            KernelLog = kernelLog,
            Thread = thread,
            Micros = micros,
            Kind = kind,
            Depth = depth,
            Name = Encoding.UTF8.GetBytes(name),
            Value = value,
            Args = args,
        });
        return Encoding.UTF8.GetString(line[..length]);
    }
}
