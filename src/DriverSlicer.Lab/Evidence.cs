// SPDX-License-Identifier: GPL-2.0-only
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DriverSlicer.Lab;

/// <summary>What a run leaves behind, so that a failure can be read and repeated without the lab.</summary>
internal static class Evidence
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static void WriteRequest(LabRequest request)
    {
        Directory.CreateDirectory(request.EvidenceDir);
        File.WriteAllText(Path.Combine(request.EvidenceDir, "request.json"), JsonSerializer.Serialize(request, Format) + "\n");
    }

    /// <summary>Keeps the initramfs and writes repro.sh, which runs the given boot with its console on the terminal.</summary>
    public static void KeepForRepro(string evidenceDir, string initramfs, VmOptions options)
    {
        var kept = Path.Combine(evidenceDir, "initramfs.cpio");
        File.Copy(initramfs, kept, overwrite: true);
        var file = Path.Combine(evidenceDir, "repro.sh");
        File.WriteAllText(file, ReproScript(options with { Initramfs = "initramfs.cpio", QmpSocket = null, Counter = null, Disk = options.Disk is null ? null : "disk.img", Recording = options.Recording is null ? null : "repro.wav" }));
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute);
    }

    public static string ReproScript(VmOptions options)
    {
        // One option with its value per line.
        var words = string.Concat(QemuArguments.Build(options).Select((w, i) => (w[0] == '-' && i > 0 ? " \\\n    " : " ") + ShellQuote.Word(w)));
        var server = options.GuestEnvironment.GetValueOrDefault("LAB_IPERF_PORT") is { } port
            ? $"iperf3 -s -B 127.0.0.1 -p {port} >/dev/null & trap 'kill $!' EXIT\n"
            : "";
        var exec = server.Length == 0 ? "exec " : "";
        var disk = options.Disk is { } file ? $"rm -f {file}; truncate -s {options.DiskMegabytes}M {file}\n" : "";
        return $"#!/bin/sh\n# Boots the guest of this run again, console on the terminal. More QEMU options may follow as arguments.\n"
            + "# Where it says @@Q COMMAND, it waits for that command in QEMU's monitor (-monitor unix:FILE,server,nowait) and then for ok on its console.\n"
            + $"cd \"$(dirname \"$0\")\" || exit 4\n{server}{disk}{exec}{QemuArguments.Program}{words} \"$@\"\n";
    }
}
