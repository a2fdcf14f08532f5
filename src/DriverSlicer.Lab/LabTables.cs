// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Lab;

/// <summary>A row of lab/devices.json: how QEMU offers the hardware of one driver.</summary>
/// <param name="Environment">what guest scripts must know of this hardware, as variables</param>
/// <param name="Faults">a fault campaign that names no driver includes this one</param>
/// <param name="Quirk">a module of lab/modules that is loaded first, and its parameters, with blanks between them</param>
public sealed record DeviceRow(
    string Device, string Workload, ImmutableArray<string> Helpers = default, ImmutableSortedDictionary<string, string>? Environment = null,
    string? Quirk = null, bool Faults = false);

/// <summary>How a boot is meant to end.</summary>
public enum GuestEnd
{
    PowerOff,
    Watchdog,
    Panic,
}

/// <summary>One boot of a workload.</summary>
/// <param name="Script">file in lab/guest, or an absolute path</param>
/// <param name="MicroOnly">not run natively, and therefore not part of the transcript that is compared</param>
/// <param name="Append">more words for the kernel's command line</param>
/// <param name="CountInstructions">one processor, and a translator that counts for lab/tools/insns.c</param>
/// <param name="SteadyClock">one processor whose clock counts instructions, so that what else the machine does is not measured</param>
/// <param name="Record">what a sound card plays is recorded, and what was heard is part of the transcript; such a card cannot record</param>
public sealed record BootRow(
    string Script, GuestEnd End = GuestEnd.PowerOff, bool MicroOnly = false, string? Append = null, bool CountInstructions = false,
    bool Record = false, bool SteadyClock = false);

/// <summary>A row of lab/workloads.json.</summary>
/// <param name="Backend">net0, snd0 or disk0: connected to the device where its string does not name one</param>
/// <param name="Programs">host programs copied into the guest with their shared libraries</param>
/// <param name="Files">host files, and folders with all that is in them, copied into the guest to the same place</param>
/// <param name="OneBoot">each boot runs the driver natively and as a microdriver in turn and measures both; there is no transcript to compare</param>
/// <param name="Deploy">the microdriver lies in /deploy, as <c>slice --build</c> writes it, and the native driver is installed: the script puts one in the other's place</param>
/// <param name="DiskMegabytes">size of the empty disk0, for a device that names it or is plugged in later; 0: there is none</param>
/// <param name="Helpers">modules of the kernel's that the script needs, loaded first</param>
/// <param name="Sources">what the user halves were compiled from, and what the compiler left beside it, lies in the guest in the same place</param>
/// <param name="Unavailable">why this workload cannot be run yet</param>
public sealed record WorkloadRow(
    ImmutableArray<BootRow> Boots = default,
    string? Backend = null,
    ImmutableArray<string> Programs = default,
    ImmutableArray<string> Files = default,
    bool IperfServer = false,
    bool OneBoot = false,
    bool Deploy = false,
    int DiskMegabytes = 0,
    ImmutableArray<string> Helpers = default,
    bool Sources = false,
    string? Unavailable = null);

/// <summary>The lab's data files.</summary>
public sealed record LabTables(ImmutableSortedDictionary<string, DeviceRow> Devices, ImmutableSortedDictionary<string, WorkloadRow> Workloads)
{
    public static LabTables Load(string labFolder) => new(Read<DeviceRow>(labFolder, "devices.json"), Read<WorkloadRow>(labFolder, "workloads.json"));

    private static ImmutableSortedDictionary<string, T> Read<T>(string labFolder, string name) =>
        LabData.Load<Dictionary<string, T>>(labFolder, name).ToImmutableSortedDictionary(StringComparer.Ordinal);
}
