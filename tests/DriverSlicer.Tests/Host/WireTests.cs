// SPDX-License-Identifier: GPL-2.0-only
using System.Runtime.InteropServices;
using Microdrivers.Host;
using Xunit;

namespace DriverSlicer.Tests.Host;

/// <summary>What gcc makes of kernel/microdriver_wire.h and user/md_user.h is what the host believes.</summary>
public class WireTests
{
    const string Program = """
        #include <stdio.h>
        #include <stddef.h>
        #include "md_user.h"
        #define SAY(what) printf("%s=%llu\n", #what, (unsigned long long)(what))
        int main(void)
        {
            SAY(MD_WIRE_VERSION); SAY(MD_NAME_MAX); SAY(MD_SLICE_ID_SIZE); SAY(MD_WIN_COUNT);
            SAY(MD_ARGS_MAX); SAY(MD_IOC_HELLO); SAY(MD_WIN_OFFSET(3));
            SAY(sizeof(struct md_hello)); SAY(sizeof(struct md_window_info)); SAY(offsetof(struct md_hello, window));
            SAY(sizeof(struct md_host)); SAY(offsetof(struct md_host, spawn)); SAY(offsetof(struct md_user_tables, name));
            SAY(MD_READY); SAY(MD_RETURN); SAY(MD_DOWNCALL); SAY(MD_UPCALL); SAY(MD_RESULT); SAY(MD_EXIT);
        }
        """;

    [Fact]
    public void Numbers_and_layouts_of_the_host_are_those_of_the_wire_header()
    {
        var expected = new Dictionary<string, ulong>
        {
            ["MD_WIRE_VERSION"] = Wire.Version,
            ["MD_NAME_MAX"] = Wire.NameMax,
            ["MD_SLICE_ID_SIZE"] = Wire.SliceIdSize,
            ["MD_WIN_COUNT"] = Wire.WindowCount,
            ["MD_ARGS_MAX"] = TraceLine.MaxArgs,
            ["MD_IOC_HELLO"] = Wire.IocHello,
            ["MD_WIN_OFFSET(3)"] = (ulong)Wire.WindowOffset(3),
            ["sizeof(struct md_hello)"] = (ulong)Marshal.SizeOf<Hello>(),
            ["sizeof(struct md_window_info)"] = (ulong)Marshal.SizeOf<WindowInfo>(),
            ["offsetof(struct md_hello, window)"] = (ulong)Marshal.OffsetOf<Hello>(nameof(Hello.Window)),
            ["sizeof(struct md_host)"] = (ulong)Marshal.SizeOf<HostCallbacks>(),
            ["offsetof(struct md_host, spawn)"] = (ulong)Marshal.OffsetOf<HostCallbacks>(nameof(HostCallbacks.Spawn)),
            ["offsetof(struct md_user_tables, name)"] = (ulong)Marshal.OffsetOf<UserTablesHead>(nameof(UserTablesHead.Name)),
            ["MD_READY"] = (ulong)FrameKind.Ready,
            ["MD_RETURN"] = (ulong)FrameKind.Return,
            ["MD_DOWNCALL"] = (ulong)FrameKind.Downcall,
            ["MD_UPCALL"] = (ulong)FrameKind.Upcall,
            ["MD_RESULT"] = (ulong)FrameKind.Result,
            ["MD_EXIT"] = (ulong)FrameKind.Exit,
        };

        var actual = CompiledC.Output(Program).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('='))
            .ToDictionary(parts => parts[0], parts => ulong.Parse(parts[1]));

        Assert.Equal(expected, actual);
    }
}
