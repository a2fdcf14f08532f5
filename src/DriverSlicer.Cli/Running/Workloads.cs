// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Lab;

namespace DriverSlicer.Cli.Running;

/// <summary>What the lab's data say about workloads.</summary>
public static class Workloads
{
    public static bool IsOneBoot(string workload) =>
        LabTables.Load(LabFolder.Find()).Workloads.TryGetValue(workload, out var row) && row.OneBoot;

    /// <summary>The workload to run when the user named none: the one that the lab's data give for this module.</summary>
    public static string Default(string driver) =>
        LabTables.Load(LabFolder.Find()).Devices.TryGetValue(LabPlan.Canonical(driver), out var row)
            ? row.Workload
            : throw new LabUsageException($"the lab has no device for {driver}: give --device QEMU_DEVICE and --workload NAME");
}
