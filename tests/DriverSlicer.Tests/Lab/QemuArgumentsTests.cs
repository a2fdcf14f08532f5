// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using Xunit;

namespace DriverSlicer.Lab.Tests;

public class QemuArgumentsTests
{
    [Fact]
    public void Guest_environment_travels_on_the_kernel_command_line() =>
        Assert.EndsWith(" LAB_DRIVER=edu", After("-append", Some.Vm()));

    [Fact]
    public void The_checking_kernel_gets_more_memory()
    {
        Assert.Equal("1G", After("-m", Some.Vm()));
        Assert.Equal("2G", After("-m", Some.Vm() with { Checking = true }));
    }

    [Fact]
    public void A_back_end_exists_exactly_when_the_device_names_it()
    {
        Assert.DoesNotContain("-netdev", QemuArguments.Build(Some.Vm()));
        Assert.Equal("user,id=net0", After("-netdev", Some.Vm() with { Device = "e1000,netdev=net0" }));
        Assert.Equal("none,id=snd0", After("-audiodev", Some.Vm() with { Device = "ES1370,audiodev=snd0" }));
        Assert.Equal("wav,id=snd0,path=/x.wav", After("-audiodev", Some.Vm() with { Device = "ES1370,audiodev=snd0", Recording = "/x.wav" }));
    }

    [Fact]
    public void A_disk_is_there_for_what_is_plugged_in_later() =>
        Assert.Equal("driver=raw,node-name=disk0,file.driver=file,file.filename=/x.img", After("-blockdev", Some.Vm() with { Disk = "/x.img" }));

    [Fact]
    public void A_device_that_the_machine_has_is_not_asked_for() => Assert.DoesNotContain("-device", QemuArguments.Build(Some.Vm() with { Device = "" }));

    [Fact]
    public void Counting_instructions_takes_one_processor_and_the_guests_second_serial_port()
    {
        var counted = Some.Vm() with { Counter = new("/cache/insns.so", "/scratch/insns") };
        Assert.Equal("1", After("-smp", counted));
        Assert.Equal("file=/cache/insns.so,answer=/scratch/insns.in", After("-plugin", counted));
        var args = QemuArguments.Build(counted);
        Assert.Equal("chardev:counter", args[args.LastIndexOf("-serial") + 1]);
        Assert.DoesNotContain("-plugin", QemuArguments.Build(Some.Vm()));
    }

    [Fact]
    public void A_steady_clock_counts_what_one_processor_executes()
    {
        var steady = Some.Vm() with { SteadyClock = true };
        Assert.Equal("1", After("-smp", steady));
        Assert.Equal("tcg,thread=single", After("-accel", steady));
        Assert.Equal("shift=4,sleep=on", After("-icount", steady));
        Assert.DoesNotContain("-icount", QemuArguments.Build(Some.Vm()));
    }

    [Fact]
    public void A_busy_host_may_miss_timer_ticks_at_boot() => Assert.Contains(" no_timer_check ", After("-append", Some.Vm()));

    [Fact]
    public void A_boots_own_words_reach_the_kernel() =>
        Assert.Contains(" rdinit=/init iomem=relaxed LAB_DRIVER=edu", After("-append", Some.Vm() with { Append = "iomem=relaxed" }));

    [Fact]
    public void Extra_arguments_come_last() =>
        Assert.Equal(["-device", "edu", "-trace", "x"], QemuArguments.Build(Some.Vm() with { Extra = ["-trace", "x"] })[^4..]);

    [Fact]
    public void Blanks_in_the_guest_environment_are_refused() =>
        Assert.Throws<LabUsageException>(() => QemuArguments.Build(
            Some.Vm() with { GuestEnvironment = ImmutableSortedDictionary<string, string>.Empty.Add("LAB_DRIVER", "a b") }));

    [Fact]
    public void Repro_script_quotes_and_needs_no_event_socket()
    {
        var script = Evidence.ReproScript(Some.Vm() with { QmpSocket = null, Device = "edu,x='y'" });
        Assert.Contains(@"'edu,x='\''y'\'''", script);
        Assert.DoesNotContain("qmp", script);
        Assert.StartsWith("#!/bin/sh\n", script);
        Assert.Contains("truncate -s 8M disk.img\n", Evidence.ReproScript(Some.Vm() with { QmpSocket = null, Disk = "disk.img", DiskMegabytes = 8 }));
    }

    private static string After(string option, VmOptions options)
    {
        var args = QemuArguments.Build(options);
        return args[args.IndexOf(option) + 1];
    }
}
