// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Lab;

/// <summary>One run of one driver in one mode.</summary>
/// <param name="Driver">module name, as given to modprobe</param>
/// <param name="Device">QEMU -device string; null asks lab/devices.json</param>
/// <param name="Workload">a name of lab/workloads.json, or the path of a shell script</param>
/// <param name="MicroFiles">
/// host paths: microdriver.ko, NAME.ko, NAME.so, microdriver-host. In native mode a module given here comes before the
/// kernel's own, so that a driver that is not part of the kernel can be tried as well.
/// </param>
/// <param name="Seconds">length of each measurement of a workload that measures</param>
/// <param name="QemuArgs">appended to QEMU's command line as they are</param>
/// <param name="EvidenceDir">console.log, request.json, the initramfs and repro.sh go here</param>
/// <param name="Limit">wall time for all boots of the workload together</param>
public sealed record LabRequest(
    LabKernel Kernel,
    string Driver,
    string? Device,
    string Workload,
    LabMode Mode,
    ImmutableArray<string> MicroFiles,
    int Seconds,
    ImmutableArray<string> QemuArgs,
    string EvidenceDir,
    TimeSpan Limit)
{
    /// <summary>Seed of the workloads that choose instants at random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>At most so many native and microdriver measurements are taken in turn; fewer if the result is sharp earlier.</summary>
    public int Pairs { get; init; } = 4;

    /// <summary>Every boot of the workload happens so many times, each with a seed of its own.</summary>
    public int Boots { get; init; } = 1;

    /// <summary>Files of the guest that this run alone has: path and text.</summary>
    public ImmutableArray<(string Path, string Text)> Texts { get; init; } = [];
}
