// SPDX-License-Identifier: GPL-2.0-only
using System.CommandLine;
using DriverSlicer.Cli.Running;

namespace DriverSlicer.Cli.Commands;

/// <summary><c>run DRIVER</c>: slices, builds, boots the stock kernel and runs one workload natively and as a microdriver.</summary>
public static class RunCommand
{
    public static Command Create()
    {
        var driver = CommonOptions.Driver();
        var device = new Option<string?>("--device") { Description = "QEMU device, as for its -device option (default: what the lab knows for this module).", HelpName = "QEMU_DEVICE" };
        var workload = new Option<string?>("--workload") { Description = "net, sound, block, usb-storage, watchdog, probe, or a shell script that runs in the guest.", HelpName = "NAME" };
        var mode = new Option<string>("--mode") { Description = "native, micro or both.", DefaultValueFactory = _ => "both" };
        mode.AcceptOnlyFromAmong("native", "micro", "both");
        var seconds = new Option<int>("--seconds") { Description = "Length of each measurement of a workload that measures.", DefaultValueFactory = _ => 10, HelpName = "N" };
        seconds.Validators.Add(r => { if (r.GetValueOrDefault<int>() is < 1 or > 86400) r.AddError("--seconds takes a number from 1 to 86400"); });
        var seed = new Option<int>("--seed") { Description = "Seed of the workloads that choose instants at random.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var qemu = new Option<string[]>("--qemu-arg") { Description = "One more argument for QEMU; may be repeated.", HelpName = "ARG", AllowMultipleArgumentsPerToken = false };
        var checking = new Option<bool>("--checking") { Description = "Use a debug kernel (KASAN, lockdep, atomic-sleep checks); built on first use, ten minutes." };
        var json = CommonOptions.Json();
        var kernel = CommonOptions.Kernel();
        var command = new Command("run", "Run a driver in a virtual machine, native and sliced, and compare.")
        {
            driver, device, workload, mode, seconds, seed, qemu, checking, json, kernel,
        };
        command.SetAction((parse, ct) => Guard.RunAsync(parse.GetValue(json), () => Runner.RunAsync(
            new RunOptions(
                parse.GetValue(driver)!, parse.GetValue(device), parse.GetValue(workload),
                Native: parse.GetValue(mode) is "native" or "both", Micro: parse.GetValue(mode) is "micro" or "both",
                parse.GetValue(seconds), parse.GetValue(seed), [.. parse.GetValue(qemu) ?? []],
                parse.GetValue(checking), parse.GetValue(json), parse.GetValue(kernel)),
            ct)));
        return command;
    }
}
