// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Lab;

/// <summary>Everything that QEMU's command line depends on.</summary>
/// <param name="GuestEnvironment">reaches the guest's init as environment variables, through the kernel command line</param>
/// <param name="QmpSocket">the lab listens here for QEMU's events; null in repro.sh</param>
/// <param name="Device">the driver's; empty if the machine has it anyway</param>
/// <param name="Disk">image file behind disk0; null if there is none</param>
/// <param name="Counter">counts instructions; null if nobody asks</param>
/// <param name="Append">more words for the kernel's command line, or null</param>
/// <param name="Recording">file that gets what a sound card plays; null if nobody listens</param>
/// <param name="SteadyClock">the guest's clock goes by the instructions that its one processor has executed, 16 ns each</param>
/// <param name="DiskMegabytes">how large that is</param>
public sealed record VmOptions(
    string Kernel,
    string Initramfs,
    string Device,
    ImmutableSortedDictionary<string, string> GuestEnvironment,
    bool Checking,
    string? QmpSocket,
    string? Disk,
    ImmutableArray<string> Extra,
    InstructionCounter? Counter = null,
    string? Append = null,
    string? Recording = null,
    bool SteadyClock = false,
    int DiskMegabytes = 0);

/// <param name="Plugin">lab/plugins/insns.c, compiled</param>
/// <param name="Answer">FIFO, with a twin PATH.in and PATH.out as QEMU's pipe back end wants them</param>
public sealed record InstructionCounter(string Plugin, string Answer);

/// <summary>Options to QEMU's argument list: a pure function.</summary>
public static class QemuArguments
{
    public const string Program = "qemu-system-x86_64";

    public static ImmutableArray<string> Build(VmOptions o)
    {
        var args = ImmutableArray.CreateBuilder<string>();
        args.AddRange("-nodefaults", "-no-user-config", "-display", "none");
        // TCG, not KVM: the same result on every machine. la57 off: five-level paging is not handled yet.
        args.AddRange("-machine", "pc", "-accel", o.SteadyClock ? "tcg,thread=single" : "tcg,thread=multi", "-cpu", "max,la57=off");
        args.AddRange("-smp", o.Counter is null && !o.SteadyClock ? "2" : "1");
        // Slower than any host: time that the host gives to others passes for nobody in the guest.
        if (o.SteadyClock)
            args.AddRange("-icount", "shift=4,sleep=on");
        args.AddRange("-m", o.Checking ? "2G" : "1G");
        // A reset must end QEMU, so that it is seen; which kind it was, QMP's events say.
        args.AddRange("-no-reboot", "-action", "watchdog=reset");
        args.AddRange("-kernel", o.Kernel, "-initrd", o.Initramfs, "-append", CommandLine(o.GuestEnvironment, Words(o)));
        args.AddRange("-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console");
        if (o.Counter is { } counter)
        {
            args.AddRange("-plugin", $"file={counter.Plugin},answer={counter.Answer}.in");
            args.AddRange("-chardev", $"pipe,id=counter,path={counter.Answer}", "-serial", "chardev:counter");
        }
        if (o.QmpSocket is not null)
            args.AddRange("-chardev", $"socket,id=events,path={o.QmpSocket}", "-mon", "chardev=events,mode=control");
        if (Names(o.Device, "net0"))
            args.AddRange("-netdev", "user,id=net0");
        if (Names(o.Device, "snd0"))
            args.AddRange("-audiodev", o.Recording is null ? "none,id=snd0" : $"wav,id=snd0,path={o.Recording}");
        // Not -drive: such a disk would go with the device that is unplugged.
        if (o.Disk is not null)
            args.AddRange("-blockdev", $"driver=raw,node-name=disk0,file.driver=file,file.filename={o.Disk}");
        if (o.Device.Length > 0)
            args.AddRange("-device", o.Device);
        args.AddRange(o.Extra);
        return args.ToImmutable();
    }

    /// <summary>
    /// acpi=noirq: the debug kernel takes so long over the interrupt routing's bytecode that its interpreter gives up (AE_AML_LOOP_TIMEOUT)
    /// and the line stays dead; the firmware's tables say the same without an interpreter.
    /// </summary>
    private static string? Words(VmOptions o) => o.Checking ? $"acpi=noirq {o.Append}".TrimEnd() : o.Append;

    /// <summary>
    /// devkmsg=on: the guest's script writes its lines through /dev/kmsg and must not be rate limited.
    /// panic=-1: a panic becomes a reset at once. no_console_suspend: the log of a suspend is wanted.
    /// no_timer_check: the boot counts ticks for some milliseconds, and panics where a busy host emulates none in that time.
    /// </summary>
    private static string CommandLine(ImmutableSortedDictionary<string, string> environment, string? append)
    {
        const string Fixed = "console=ttyS0 loglevel=7 printk.devkmsg=on no_console_suspend no_timer_check panic=-1 rdinit=/init";
        foreach (var (key, value) in environment)
        {
            if (value.Any(c => char.IsWhiteSpace(c) || c == '"'))
                throw new LabUsageException($"{key}='{value}': blanks and quotes cannot be passed to the guest");
        }
        var start = append is null ? Fixed : $"{Fixed} {append}";
        return string.Join(' ', environment.Select(e => $"{e.Key}={e.Value}").Prepend(start));
    }

    private static bool Names(string device, string backend) => device.Split(',').Any(p => p.EndsWith("=" + backend, StringComparison.Ordinal));
}
