// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Lab;

/// <summary>What a request amounts to once the tables have been consulted; nothing has been started yet.</summary>
public sealed record LabPlan(
    LabRequest Request,
    string Workload,
    string Device,
    ImmutableArray<string> Helpers,
    WorkloadRow Row)
{
    /// <summary>What the device table says that guest scripts must know.</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>A module of lab/modules and its parameters; empty if the hardware needs none.</summary>
    public ImmutableArray<string> Quirk { get; init; } = [];

    public static LabPlan From(LabRequest request, LabTables tables)
    {
        var known = tables.Devices.GetValueOrDefault(Canonical(request.Driver));
        var device = request.Device ?? known?.Device
            ?? throw new LabUsageException($"lab/devices.json does not know {request.Driver}: name its QEMU device with --device");
        var (name, row) = FindWorkload(request.Workload, tables);
        if (row.Unavailable is { } why)
            throw new LabUsageException($"workload {name} is not available yet: {why}");
        if (request.Mode == LabMode.Native)
            row = row with { Boots = [.. row.Boots.Where(b => !b.MicroOnly)] };
        ImmutableArray<string> helpers = [.. Given(known is null ? default : known.Helpers), .. Given(row.Helpers)];
        return new LabPlan(request, name, Connect(device, row.Backend), helpers, row)
        {
            Environment = known?.Environment ?? ImmutableSortedDictionary<string, string>.Empty,
            Quirk = [.. (known?.Quirk ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)],
        };
    }

    /// <summary>modprobe takes '-' and '_' for the same; the tables use '_'.</summary>
    public static string Canonical(string module) => module.Replace('-', '_');

    /// <summary>Adds the back end that the workload needs where the device string does not name one of its kind.</summary>
    public static string Connect(string device, string? backend)
    {
        var property = backend switch { "net0" => "netdev", "snd0" => "audiodev", "disk0" => "drive", _ => null };
        return property is null || device.Contains($",{property}=", StringComparison.Ordinal) ? device : $"{device},{property}={backend}";
    }

    private static ImmutableArray<string> Given(ImmutableArray<string> list) => list.IsDefault ? [] : list;

    /// <exception cref="LabUsageException">There is no such workload.</exception>
    public static void Require(string workload, LabTables tables) => FindWorkload(workload, tables);

    private static (string Name, WorkloadRow Row) FindWorkload(string workload, LabTables tables)
    {
        if (tables.Workloads.TryGetValue(workload, out var row))
            return (workload, row);
        if (File.Exists(workload))
            return (Path.GetFileNameWithoutExtension(workload), new WorkloadRow([new BootRow(Path.GetFullPath(workload))]));
        throw new LabUsageException($"workload {workload}: neither a script nor one of {string.Join(", ", tables.Workloads.Keys)}");
    }
}
