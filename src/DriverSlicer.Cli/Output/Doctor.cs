// SPDX-License-Identifier: GPL-2.0-only
using System.Runtime.InteropServices;
using DriverSlicer.Lab;

namespace DriverSlicer.Cli.Output;

public sealed record Check(string What, bool Ok, string Found, string Next);

/// <summary>Looks for each thing that a run needs, without starting any of it.</summary>
public static class Doctor
{
    public static IEnumerable<Check> Examine(string? release)
    {
        yield return Library();
        foreach (var (program, package) in new[]
        {
            ("gcc", "gcc"), ("make", "make"), ("cpio", "cpio"), ("depmod", "kmod"), ("busybox", "busybox-static"), ("qemu-system-x86_64", "qemu-system-x86"),
            ("iperf3", "iperf3"), ("ethtool", "ethtool"), ("ip", "iproute2"), ("aplay", "alsa-utils"), ("gdb", "gdb"), ("perf", "linux-perf"), ("patch", "patch"), ("flex", "flex"), ("bison", "bison"),
        })
        {
            var found = Find(program);
            yield return new Check(program, found is not null, found ?? "not on the PATH", $"apt-get install {package}");
        }

        yield return Source(release);
        yield return Kernel(release);
        yield return Paging(release);
    }

    private static Check Library()
    {
        foreach (var version in new[] { 19, 20, 18, 17 })
        {
            if (NativeLibrary.TryLoad($"libclang-{version}.so.1", out _))
                return new Check("libclang", true, $"libclang-{version}", "");
        }

        return new Check("libclang", false, "no version from 17 on", "apt-get install libclang1-19");
    }

    /// <summary>The source package of the kernel's series: 6.1 of 6.1.0-9-amd64.</summary>
    private static Check Source(string? release)
    {
        try
        {
            var series = string.Join('.', KernelImages.Stock(release).Release.Split('.').Take(2));
            var package = $"/usr/src/linux-source-{series}.tar.xz";
            return new Check("kernel source package", File.Exists(package), File.Exists(package) ? package : $"{package} does not exist", $"apt-get install linux-source-{series}");
        }
        catch (LabException e)
        {
            return new Check("kernel source package", false, e.Message, "install a kernel with its headers first");
        }
    }

    private static Check Kernel(string? release)
    {
        try
        {
            return new Check("kernel image, modules and headers", true, KernelImages.Stock(release).Release, "");
        }
        catch (LabException e)
        {
            return new Check("kernel image, modules and headers", false, e.Message,
                release is null ? "apt-get install linux-image-amd64 linux-headers-amd64" : $"apt-get install linux-image-{release} linux-headers-{release}");
        }
    }

    /// <summary>The windows are laid out for four-level paging without the real-time patch (design section 10, trap 17).</summary>
    private static Check Paging(string? release)
    {
        try
        {
            var config = File.ReadAllLines(Path.Combine(KernelImages.Stock(release).BuildDir, ".config"));
            var realtime = config.Contains("CONFIG_PREEMPT_RT=y");
            return new Check("kernel configuration", !realtime, realtime ? "PREEMPT_RT" : "not PREEMPT_RT", "use a kernel without PREEMPT_RT");
        }
        catch (Exception e) when (e is LabException or IOException)
        {
            return new Check("kernel configuration", false, e.Message, "apt-get install linux-headers-amd64");
        }
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Concat(["/usr/sbin", "/sbin"]).Select(d => Path.Combine(d, program)).FirstOrDefault(File.Exists);
}
