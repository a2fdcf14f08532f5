// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text;
using DriverSlicer.Lab.Builds;

namespace DriverSlicer.Lab;

/// <summary>
/// The guest's root: busybox, the lab's scripts and tools, the programs a workload needs, the modules of the driver under
/// test, and in micro mode its two halves. Written as one uncompressed cpio archive, which the kernel unpacks fastest.
/// </summary>
internal static class GuestImage
{
    private const string Busybox = "/usr/bin/busybox";

    public static async Task BuildAsync(LabPlan plan, string labFolder, string scratch, string output, CancellationToken ct)
    {
        var archive = new CpioArchive();
        AddSkeleton(archive, labFolder);
        foreach (var tool in await GuestTools.BuildAsync(labFolder, ct))
            AddHostFile(archive, tool, $"/bin/{Path.GetFileName(tool)}");
        if (!plan.Row.Programs.IsDefault)
        {
            foreach (var program in plan.Row.Programs)
                await AddProgramAsync(archive, FindProgram(program), $"/bin/{program}", ct);
        }
        foreach (var file in (plan.Row.Files.IsDefault ? [] : plan.Row.Files).SelectMany(FilesOf))
            AddHostFile(archive, file, file);
        foreach (var script in plan.Row.Boots.Select(b => b.Script).Where(Path.IsPathRooted))
            AddHostFile(archive, script, $"/lab/{Path.GetFileName(script)}");
        foreach (var (path, text) in plan.Request.Texts)
            archive.AddFile(path, Encoding.UTF8.GetBytes(text), executable: false);
        await AddModulesAsync(archive, plan, labFolder, scratch, ct);
        if (plan.Request.Mode == LabMode.Micro)
        {
            foreach (var file in plan.Request.MicroFiles.Where(f => plan.Row.Deploy || !GoesToUpdates(f)))
                await AddProgramAsync(archive, file, $"{(plan.Row.Deploy ? "/deploy" : "/lib/microdrivers")}/{Path.GetFileName(file)}", ct);
            foreach (var file in plan.Row.Sources ? plan.Request.MicroFiles.SelectMany(SourcesOf) : [])
                AddHostFile(archive, file, file);
            if (plan.Row.Deploy)
                AddHostFile(archive, DeployFolder.Tool(Path.GetDirectoryName(labFolder)!), "/deploy/microdriver");
        }
        await using var stream = File.Create(output);
        archive.Write(stream);
    }

    private static void AddSkeleton(CpioArchive archive, string labFolder)
    {
        if (!File.Exists(Busybox))
            throw new LabException($"{Busybox} does not exist: apt-get install busybox-static");
        AddHostFile(archive, Busybox, "/bin/busybox");
        archive.AddLink("/bin/sh", "busybox");
        foreach (var dir in new[] { "/dev", "/proc", "/sys", "/tmp", "/run", "/root", "/sbin" })
            archive.AddDirectory(dir);
        // Without a console node init would start with no standard output.
        archive.AddCharDevice("/dev/console", 5, 1);
        archive.AddFile("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"u8.ToArray(), executable: false);
        archive.AddFile("/etc/group", "root:x:0:\nnogroup:x:65534:\n"u8.ToArray(), executable: false);
        AddHostFile(archive, Path.Combine(labFolder, "guest", "init"), "/init");
        foreach (var script in Directory.GetFiles(Path.Combine(labFolder, "guest"), "*.sh"))
            AddHostFile(archive, script, $"/lab/{Path.GetFileName(script)}");
    }

    /// <summary>
    /// The needed part of the kernel's module tree, with its own modules.dep. A module in updates/ comes before the kernel's
    /// of the same name: that is depmod's rule, and how a microdriver replaces the native driver on a real machine.
    /// </summary>
    private static async Task AddModulesAsync(CpioArchive archive, LabPlan plan, string labFolder, string scratch, CancellationToken ct)
    {
        var request = plan.Request;
        var tree = ModuleTree.Parse(File.ReadAllText(Path.Combine(request.Kernel.ModulesDir, "modules.dep")));
        var own = request.MicroFiles.Where(f => GoesToUpdates(f) && !(plan.Row.Deploy && request.Mode == LabMode.Micro)).ToImmutableArray();
        if (!tree.Has(request.Driver) && !own.Any(f => ModuleTree.NameOf(f) == LabPlan.Canonical(request.Driver)))
            throw new LabUsageException($"kernel {request.Kernel.Release} has no module {request.Driver}");
        var staging = Path.Combine(scratch, "root");
        var modules = Path.Combine(staging, "lib/modules", request.Kernel.Release);
        foreach (var file in tree.Closure(plan.Helpers.Add(request.Driver)))
            await CopyModuleAsync(Path.Combine(request.Kernel.ModulesDir, file), Path.Combine(modules, file), ct);
        foreach (var file in own)
            await CopyModuleAsync(file, Path.Combine(modules, "updates", Path.GetFileName(file)), ct);
        if (plan.Quirk is [var quirk, ..])
            await CopyModuleAsync(await QuirkAsync(labFolder, quirk, scratch, request.Kernel, ct), Path.Combine(modules, "updates", quirk + ".ko"), ct);
        foreach (var list in new[] { "modules.order", "modules.builtin", "modules.builtin.modinfo" })
            File.Copy(Path.Combine(request.Kernel.ModulesDir, list), Path.Combine(modules, list));
        await Subprocess.RunAsync("/sbin/depmod", ["-b", staging, request.Kernel.Release], ct);
        foreach (var file in Directory.GetFiles(staging, "*", SearchOption.AllDirectories))
            AddHostFile(archive, file, "/" + Path.GetRelativePath(staging, file));
    }

    private static Task<string> QuirkAsync(string labFolder, string name, string scratch, LabKernel kernel, CancellationToken ct) =>
        NativeBuild.BuildAsync(Path.Combine(labFolder, "modules", name), name, Path.Combine(scratch, name), kernel, _ => { }, ct);

    private static async Task CopyModuleAsync(string source, string target, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(source, target, overwrite: true);
        if (target.EndsWith(".xz", StringComparison.Ordinal))
            await Subprocess.RunAsync("xz", ["-d", target], ct); // busybox's modprobe reads only plain modules
    }

    private static async Task AddProgramAsync(CpioArchive archive, string file, string target, CancellationToken ct)
    {
        AddHostFile(archive, file, target);
        foreach (var library in await SharedLibraries.OfAsync(file, ct))
            AddHostFile(archive, library, library);
    }

    /// <summary>Of the files handed in, the runtime module stays with the host; the other modules replace native ones.</summary>
    private static bool GoesToUpdates(string file) =>
        file.EndsWith(".ko", StringComparison.Ordinal) && Path.GetFileName(file) != "microdriver.ko";

    private static string FindProgram(string name) =>
        new[] { "/usr/sbin", "/usr/bin", "/sbin", "/bin" }.Select(d => Path.Combine(d, name)).FirstOrDefault(File.Exists)
        ?? throw new LabException($"{name} is not installed: apt-get install {name switch { "ip" => "iproute2", "aplay" or "arecord" or "amixer" => "alsa-utils", "perf" => "linux-perf", "gcov" => "gcc", _ => name }}");

    /// <summary>Of NAME.so: a debugger looks for the text where the compiler read it; NAME.gcno is what gcov reads.</summary>
    internal static IEnumerable<string> SourcesOf(string half) =>
        half.EndsWith(".so", StringComparison.Ordinal)
            ? Directory.GetFiles(Path.GetDirectoryName(half)!).Where(f => Path.GetExtension(f) is ".c" or ".h" or ".gcno").Order(StringComparer.Ordinal)
            : [];

    internal static string[] FilesOf(string path) =>
        Directory.Exists(path) ? Directory.GetFiles(path, "*", SearchOption.AllDirectories)
        : Path.GetFileName(path).Contains('*') && Path.GetDirectoryName(path) is { } folder && Directory.Exists(folder) ? Directory.GetFiles(folder, Path.GetFileName(path))
        : [path];

    private static void AddHostFile(CpioArchive archive, string file, string target)
    {
        try
        {
            archive.AddFile(target, File.ReadAllBytes(file), executable: true);
        }
        catch (IOException e)
        {
            throw new LabException($"{file}: {e.Message}", e);
        }
    }
}
