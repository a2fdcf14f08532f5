// SPDX-License-Identifier: GPL-2.0-only
using System.Diagnostics;
using DriverSlicer.Emit;
using DriverSlicer.Lab;
using Xunit;

namespace DriverSlicer.Tests.Emit;

/// <summary>What the emitter writes builds, with the kernel's own headers, without a warning.</summary>
public sealed class CompileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emit").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("counter", "kernel", "counter.ko")]
    [InlineData("twofiles", "kernel", "two-files.ko")]
    [InlineData("gate", "kernel", "card.ko")]
    [InlineData("counter", "user", "counter.so")]
    [InlineData("gate", "user", "card.so")]
    [InlineData("twofiles", "user", "two-files.so")]
    public void A_half_builds_with_the_kernels_headers(string name, string half, string product)
    {
        var headers = Headers();
        foreach (var file in EmitterTests.Emitted(name))
        {
            // The include paths are those of the kernel that the plan names.
            Write(file.Path, file.Text.Replace(Release(Plans.Kernel), Release(headers["/usr/src/linux-headers-".Length..])));
        }

        foreach (var file in Emitter.CopiedFiles)
        {
            Write(file.To, File.ReadAllText(Path.Combine(Checkout.Root, file.From)));
        }

        var log = Make(half, headers);

        Assert.True(File.Exists(Path.Combine(_folder, half, product)), log);
        Assert.DoesNotContain(log.Split('\n'), line => line.Contains("warning:") || line.Contains("error:"));
    }

    /// <summary>Those that tests/run names, else the newest that are installed: `make setup` sees to it that there are some.</summary>
    private static string Headers() => Environment.GetEnvironmentVariable("DRIVERSLICER_KERNEL") is { Length: > 0 } release ? $"/usr/src/linux-headers-{release}"
        : Directory.GetDirectories("/usr/src", "linux-headers-*-amd64").MaxBy(d => KernelImages.VersionKey(Path.GetFileName(d)), StringComparer.Ordinal)
        ?? throw new InvalidOperationException("no kernel headers: make setup");

    private static string Release(string kernel) => kernel[..^"-amd64".Length];

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private string Make(string half, string headers)
    {
        var start = new ProcessStartInfo("make", ["-C", Path.Combine(_folder, half), $"KDIR={headers}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var make = Process.Start(start)!;
        var errors = make.StandardError.ReadToEndAsync();
        var output = make.StandardOutput.ReadToEnd();
        make.WaitForExit();
        return output + errors.Result;
    }
}
