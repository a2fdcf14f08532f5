// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Lab.Tests;

/// <summary>Valid values of the lab's records; a test says what matters to it.</summary>
internal static class Some
{
    public static VmOptions Vm() => new(
        "/boot/vmlinuz", "/tmp/initramfs", "edu",
        ImmutableSortedDictionary<string, string>.Empty.Add("LAB_DRIVER", "edu"),
        Checking: false, QmpSocket: "/tmp/qmp", Disk: null, Extra: []);

    public static LabRequest Request() => new(
        new LabKernel("6.1.0", "/boot/vmlinuz", "/lib/modules/6.1.0", "/usr/src/linux-headers-6.1.0", Checking: false),
        "nic", null, "net", LabMode.Native, [], 5, [], "/tmp/evidence", TimeSpan.FromMinutes(1));

    public static LabTables Tables() => new(
        ImmutableSortedDictionary<string, DeviceRow>.Empty.Add("nic", new("nic-model", "net", ["helper"], Quirk: "quirk_module answer=42")),
        ImmutableSortedDictionary<string, WorkloadRow>.Empty
            .Add("net", new([new("net.sh"), new("kill.sh", MicroOnly: true)], Backend: "net0", Helpers: ["sd_mod"]))
            .Add("sound", new(Unavailable: "not written")));

    /// <summary>A recording at 44100 Hz; the shorter channel is silent at its end.</summary>
    public static byte[] Wav(short[] left, short[] right)
    {
        using var stream = new MemoryStream();
        using var wav = new BinaryWriter(stream);
        wav.Write("RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0"u8);
        wav.Write(44100);
        wav.Write(44100 * 4);
        wav.Write((short)4);
        wav.Write((short)16);
        wav.Write("data\0\0\0\0"u8);
        for (var i = 0; i < Math.Max(left.Length, right.Length); i++)
        {
            wav.Write(i < left.Length ? left[i] : (short)0);
            wav.Write(i < right.Length ? right[i] : (short)0);
        }
        return stream.ToArray();
    }

    public static BootOutcome Boot(string console, params string[] events) =>
        new([.. console.Split('\n')], [.. events], TimedOut: false);
}
