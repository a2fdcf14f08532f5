// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using DriverSlicer.Cli.Caching;
using DriverSlicer.Cli.Output;
using DriverSlicer.Cli.Running;
using DriverSlicer.Lab;
using DriverSlicer.Lab.Faults;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Faults;

/// <summary>
/// The fault campaign, one driver after the other:
///   1. Slice   as always
///   2. Build   the user half as a fault build
///   3. Inject  FaultCampaign
///   4. Report  one table per class, one JSON, one exit code
/// </summary>
public static class FaultsRunner
{
    public static async Task<int> RunAsync(FaultsOptions options, CancellationToken ct)
    {
        var kernel = options.Checking ? await KernelImages.CheckingAsync(Render.Progress, ct) : KernelImages.Stock(options.Kernel);
        if (options.Point is not null && options.Drivers.Length != 1)
            throw new LabUsageException("--point is of one driver: name it with --drivers");
        var results = ImmutableArray.CreateBuilder<DriverFaults>();
        foreach (var (driver, number) in options.Drivers.Select((d, i) => (d, i)))
        {
            var sliced = Slicer.Slice(Slicer.Tree(kernel), driver, SliceAbilities.Today, Render.Progress, cache: SliceCache.Open());
            if (sliced.Plan.Diagnostics.Any(d => d.Severity == Severity.Error))
            {
                Render.Diagnostics(sliced.Plan.Diagnostics.Where(d => d.Severity == Severity.Error));
                return ExitCodes.Refused;
            }
            var files = await MicroBuild.RunAsync(sliced, kernel, "-faults", "FAULTS=1", ct);
            // Shares of a count that does not divide go to the first ones.
            var request = Request(options, sliced, kernel, files, Share(options.Count, number), Share(options.NotPromised, number));
            var campaign = new FaultCampaign(request, line => Render.Progress($"{sliced.Model.Driver}: {line}"));
            var found = await campaign.RunAsync(ct);
            results.Add(new DriverFaults(sliced.Model.Driver, [.. found], [.. campaign.Others]));
        }

        int Share(int all, int number) => (all / options.Drivers.Length) + (number < all % options.Drivers.Length ? 1 : 0);

        var report = new FaultsReport(options, kernel, results.ToImmutable());
        report.Print();
        if (options.Json is { } path)
            JsonFile.Write(path, report.Json());
        return report.Exit;
    }

    /// <summary>Drivers that the lab's data name for a campaign.</summary>
    public static ImmutableArray<string> Default() => [.. LabTables.Load(LabFolder.Find()).Devices.Where(d => d.Value.Faults).Select(d => d.Key)];

    private static FaultRequest Request(FaultsOptions options, Sliced sliced, LabKernel kernel, ImmutableArray<string> files, int promised, int notPromised)
    {
        var tables = LabTables.Load(LabFolder.Find());
        var sort = tables.Devices.GetValueOrDefault(LabPlan.Canonical(sliced.Model.Driver))?.Workload;
        var workload = $"faults-{sort}";
        if (!tables.Workloads.ContainsKey(workload))
            throw new LabUsageException($"the lab has no fault campaign for {sliced.Model.Driver}: lab/workloads.json has no {workload}");
        var name = $"{sliced.Model.Driver}-{kernel.Release}{(kernel.Checking ? "-checking" : "")}-{options.Seed.ToString(CultureInfo.InvariantCulture)}{string.Concat(options.Kinds.Order(StringComparer.Ordinal).Select(k => "-" + k))}";
        var folder = Path.Combine(Slicer.Root, "build", "faults", options.Point is null ? name : name + "-point");
        var lab = new LabRequest(
            kernel, sliced.Model.Driver, null, workload, LabMode.Micro, files, 1, [], folder, Limit: TimeSpan.FromMinutes(kernel.Checking ? 60 : 20))
        { Seed = options.Seed };
        if (options.Point is not null && Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        return new FaultRequest(
            lab, FaultTarget.Of(sliced.Plan), promised, notPromised, options.Point is null ? [] : [FaultPoint.Parse(options.Point)], FaultKind.Chosen(options.Kinds), Key(options, files));
    }

    /// <summary>Results of other builds, or of other guest scripts, are not these.</summary>
    private static string Key(FaultsOptions options, ImmutableArray<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files.Concat(Directory.GetFiles(Path.Combine(LabFolder.Find(), "guest"), "faults*.sh").Append(Path.Combine(LabFolder.Find(), "guest", "faultlib.sh")).Order(StringComparer.Ordinal)))
            hash.AppendData(File.ReadAllBytes(file));
        return $"{options.Seed} {string.Join(',', options.Kinds.Order(StringComparer.Ordinal))} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
