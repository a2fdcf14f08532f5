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
            ("iperf3", "iperf3"), ("ethtool", "ethtool"), ("ip", "iproute2"), ("aplay", "alsa-utils"), ("flex", "flex"), ("bison", "bison"),
        })
        {
            var found = Find(program);
            yield return new Check(program, found is not null, found ?? "not on the PATH", $"apt-get install {package}");
        }

        yield return Source();
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

    private static Check Source()
    {
        var found = Directory.Exists("/usr/src") ? Directory.GetFiles("/usr/src", "linux-source-*.tar.xz").Order(StringComparer.Ordinal).LastOrDefault() : null;
        return new Check("kernel source package", found is not null, found ?? "none in /usr/src", "apt-get install linux-source-6.1");
    }

    private static Check Kernel(string? release)
    {
        try
        {
            return new Check("kernel image, modules and headers", true, KernelImages.Stock(release).Release, "");
        }
        catch (LabException e)
        {
            return new Check("kernel image, modules and headers", false, e.Message, "apt-get install linux-image-amd64 linux-headers-amd64");
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
