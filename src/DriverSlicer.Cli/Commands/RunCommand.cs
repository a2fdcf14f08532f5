// SPDX-License-Identifier: GPL-2.0-only
using System.CommandLine;
using DriverSlicer.Cli.Running;

namespace DriverSlicer.Cli.Commands;

/// <summary><c>run DRIVER...</c>: slices, builds, boots the stock kernel and runs one workload natively and as a microdriver.</summary>
public static class RunCommand
{
    public static Command Create()
    {
        var driver = CommonOptions.Drivers();
        var device = new Option<string?>("--device") { Description = "QEMU device, as for its -device option (default: what the lab knows for this module).", HelpName = "QEMU_DEVICE" };
        var workload = new Option<string?>("--workload") { Description = "net, net-load, net-kill, net-demo, gate-stress, sound, input, usb-storage, watchdog, watchdog-deploy, probe, or a shell script that runs in the guest.", HelpName = "NAME" };
        var mode = new Option<string>("--mode") { Description = "native, micro or both.", DefaultValueFactory = _ => "both" };
        mode.AcceptOnlyFromAmong("native", "micro", "both");
        var seconds = new Option<int>("--seconds") { Description = "Length of each measurement of a workload that measures.", DefaultValueFactory = _ => 10, HelpName = "N" };
        seconds.Validators.Add(r => { if (r.GetValueOrDefault<int>() is < 1 or > 86400) r.AddError("--seconds takes a number from 1 to 86400"); });
        var seed = new Option<int>("--seed") { Description = "Seed of the workloads that choose instants at random.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var pairs = new Option<int>("--pairs") { Description = "Workloads that compare in one boot: most native and microdriver measurements taken in turn.", DefaultValueFactory = _ => 4, HelpName = "N" };
        pairs.Validators.Add(r => { if (r.GetValueOrDefault<int>() is < 1 or > 1000) r.AddError("--pairs takes a number from 1 to 1000"); });
        var boots = new Option<int>("--boots") { Description = "Repeat the workload in so many boots, each with a seed of its own; it fails if one fails.", DefaultValueFactory = _ => 1, HelpName = "N" };
        boots.Validators.Add(r => { if (r.GetValueOrDefault<int>() is < 1 or > 1000) r.AddError("--boots takes a number from 1 to 1000"); });
        var qemu = new Option<string[]>("--qemu-arg") { Description = "One more argument for QEMU; may be repeated.", HelpName = "ARG", AllowMultipleArgumentsPerToken = false };
        var checking = new Option<bool>("--checking") { Description = "Use a debug kernel (KASAN, lockdep, atomic-sleep checks); built on first use, ten minutes." };
        var poison = new Option<bool>("--poison") { Description = "Check every access of the user half against its plan: stop where it reads what no plan brought, or writes what no plan returns." };
        var poisonAll = new Option<bool>("--poison-all") { Hidden = true };
        var dropField = new Option<string?>("--drop-field") { Hidden = true };
        var userFlags = CommonOptions.UserFlags();
        var json = CommonOptions.Json();
        var kernel = CommonOptions.Kernel();
        var config = CommonOptions.Config();
        var noCache = CommonOptions.NoCache();
        var command = new Command("run", "Run a driver in a virtual machine, native and sliced, and compare.")
        {
            driver, device, workload, mode, seconds, seed, pairs, boots, qemu, checking, poison, poisonAll, dropField, userFlags, json, kernel, config, noCache,
        };
        command.SetAction((parse, ct) => Guard.RunAsync(parse.GetValue(json), () => Runner.RunAsync(
            new RunOptions(
                [.. parse.GetValue(driver)!], parse.GetValue(device), parse.GetValue(workload),
                Native: parse.GetValue(mode) is "native" or "both", Micro: parse.GetValue(mode) is "micro" or "both",
                parse.GetValue(seconds), parse.GetValue(seed), parse.GetValue(pairs), parse.GetValue(boots), [.. parse.GetValue(qemu) ?? []],
                parse.GetValue(checking), parse.GetValue(json), parse.GetValue(kernel))
            {
                Poison = parse.GetValue(poison) || parse.GetValue(poisonAll), PoisonAll = parse.GetValue(poisonAll), DropField = parse.GetValue(dropField), UserFlags = parse.GetValue(userFlags), Config = parse.GetValue(config), NoCache = parse.GetValue(noCache),
            },
            ct)));
        return command;
    }
}
