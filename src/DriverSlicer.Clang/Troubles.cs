// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Clang;

/// <summary>The front end's entries of the diagnostic catalogue: DS01xx the machine and the request, DS02xx the C text.</summary>
internal static class Troubles
{
    public static Diagnostic Compiler(Location location, string message) =>
        message.Contains("file not found", StringComparison.Ordinal)
            ? new("DS0203", Severity.Error, location, message,
                "a header is missing: keep the driver's own headers beside it, or install the kernel's headers (apt-get install linux-headers-amd64)")
            : message.Contains("implicit", StringComparison.Ordinal) || message.Contains("undeclared", StringComparison.Ordinal)
                ? new("DS0204", Severity.Error, location, message,
                    "declare it, or slice the driver for the kernel release it was written for (--kernel REL)")
                : new("DS0201", Severity.Error, location, message, "fix the error; the driver must compile as a kernel module first");

    public static Diagnostic OutlinedDoesNotCompile(Diagnostic error) => new(
        "DS0408", Severity.Warning, error.Location,
        $"with parts of it outlined the driver does not compile ({error.Message}): none is, and their functions stay in the kernel half",
        "report it: it is the slicer's fault");

    public static DiagnosticException NoHeaders(string release, string directory)
    {
        var (install, others) = ($"apt-get install linux-headers-{release}", Installed());
        return Use("DS0102", $"the headers of kernel {release} are not installed ({directory} is missing)", others.Length == 0 ? install : $"take one that is: {others}; or {install}");
    }

    private static string Installed() => string.Join(", ", (Directory.Exists("/usr/src") ? Directory.GetDirectories("/usr/src", "linux-headers-*") : [])
        .Where(d => File.Exists(Path.Combine(d, "include/config/auto.conf"))).Select(d => Path.GetFileName(d)["linux-headers-".Length..]).Order(StringComparer.Ordinal));

    public static DiagnosticException NoCache(string folder, string why) =>
        Use("DS0114", $"{folder} cannot be made: {why}", "set XDG_CACHE_HOME to a folder that you may write");

    public static DiagnosticException NoSource(string archive) =>
        Use("DS0103", $"the kernel's source package is not installed ({archive} is missing)",
            $"apt-get install {Path.GetFileName(archive).Replace(".tar.xz", "", StringComparison.Ordinal)}");

    public static DiagnosticException UnknownModule(string name, string release, IReadOnlyList<string> near) =>
        Use("DS0104", $"no module '{name}' in kernel {release}",
            near.Count == 0
                ? "name a module as modprobe does, a path in the kernel tree, or a directory with its own Kbuild file"
                : $"did you mean {string.Join(", ", near)}?");

    public static DiagnosticException NoModules(string subtree, string release) =>
        Use("DS0113", $"kernel {release} has no modules below '{subtree}'", "name a folder or a module of the kernel tree: drivers/net/ethernet");

    public static DiagnosticException NotADriver(string path, string reason) =>
        Use("DS0105", $"{path} is not a driver: {reason}", "give a directory whose Kbuild file says 'obj-m += NAME.o', or a module's name");

    public static DiagnosticException SeveralModules(string path, IEnumerable<string> names) =>
        Use("DS0106", $"{path} makes several modules", $"name one of them: {string.Join(", ", names)}");

    public static DiagnosticException KbuildFailed(string directory, string output) =>
        new(new Diagnostic("DS0107", Severity.Error, new Location(directory, 0, 0), $"the kernel build system refused the driver: {output}",
            "fix the driver's Kbuild file; 'make -C /lib/modules/$(uname -r)/build M=DIR modules' must work"));

    public static DiagnosticException NoTool(string tool) =>
        Use("DS0108", $"the program '{tool}' is not installed", "apt-get install make gcc xz-utils tar");

    public static DiagnosticException NoRelease(string release) =>
        Use("DS0109", $"the modules of kernel {release} are not installed (/lib/modules/{release}/modules.order is missing)",
            $"apt-get install linux-image-{release}");

    private static DiagnosticException Use(string id, string message, string next) =>
        new(new Diagnostic(id, Severity.Error, Location.None, message, next), 2);
}
