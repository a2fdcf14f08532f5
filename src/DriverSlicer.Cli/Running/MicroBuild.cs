// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Cli.Output;
using DriverSlicer.Lab;
using DriverSlicer.Lab.Builds;

namespace DriverSlicer.Cli.Running;

/// <summary>A slice written and built for a guest of the lab.</summary>
public static class MicroBuild
{
    /// <param name="suffix">keeps builds of different sorts apart</param>
    /// <param name="sort">of the user half, see <see cref="HalvesBuild"/></param>
    /// <param name="userFlags">of the user half's compiler, the user's own</param>
    /// <returns>microdriver.ko, the host, NAME.ko, NAME.so</returns>
    public static Task<ImmutableArray<string>> RunAsync(Sliced sliced, LabKernel kernel, string suffix, string? sort, CancellationToken ct) =>
        RunAsync([sliced], kernel, suffix, sort, null, ct);

    /// <summary>The same for modules that are sliced together: NAME.ko and NAME.so of each.</summary>
    public static async Task<ImmutableArray<string>> RunAsync(ImmutableArray<Sliced> all, LabKernel kernel, string suffix, string? sort, string? userFlags, CancellationToken ct)
    {
        var runtime = await RuntimeBuild.BuildAsync(Slicer.Root, kernel, Render.Progress, ct);
        var files = ImmutableArray.Create(runtime.Module, runtime.Host);
        foreach (var sliced in all)
        {
            var folder = Path.Combine(Slicer.Root, "build", "slices", $"{sliced.Model.Driver}-{kernel.Release}{suffix}");
            using (var output = OutputFolder.Claim(folder))
                output.Write(Slicer.Files(sliced));
            var halves = await HalvesBuild.BuildAsync(folder, sliced.Model.Driver, kernel, runtime, Render.Progress, ct, sort, userFlags);
            files = files.Add(halves.Module).Add(halves.Shared);
        }

        return files;
    }
}
