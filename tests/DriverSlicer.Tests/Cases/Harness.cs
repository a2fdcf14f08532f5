// SPDX-License-Identifier: GPL-2.0-only
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using DriverSlicer.Emit;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Cases;

/// <summary>
/// Compiles tests/cases/run with the runtime's interpreter, once, and each case's three programs (the original, and its two halves as
/// emitted), all under the address and undefined-behaviour sanitizers; runs them over seeds.
/// </summary>
public sealed class Harness : IDisposable
{
    private static readonly string[] Sanitizers =
        ["-std=gnu11", "-O1", "-g", "-fPIC", "-w", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fwrapv", "-fno-strict-aliasing"];

    private static readonly string[] Runtime = ["md_visit.c", "md_walk.c", "md_sync.c", "md_object.c", "md_symbol.c", "md_down.c", "md_devm.c"];

    private readonly string folder = Directory.CreateTempSubdirectory("cases").FullName;
    private readonly Lazy<string> program;

    public Harness() => program = new Lazy<string>(Build);

    private static string Run => Path.Combine(Case.Root, "run");

    private static string KernelHeaders => Path.Combine(Case.Kernel, "include");

    private static string RuntimeSource => Path.Combine(Checkout.Root, "kernel");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Null if the halves did as the original; else what they did.</summary>
    internal string? Try(Case it, SlicePlan plan, int seeds)
    {
        var here = Directory.CreateDirectory(Path.Combine(folder, it.Name + "-" + Guid.NewGuid().ToString("N")[..6])).FullName;
        var files = Emitter.Emit(plan, it.Specs.Macros);
        foreach (var file in files.Where(f => f.Path.StartsWith("kernel/", StringComparison.Ordinal) || f.Path.StartsWith("user/", StringComparison.Ordinal)))
            Write(Path.Combine(here, file.Path), file.Text);
        var included = it.Model.Files.SelectMany(f => f.Included).Select(f => f.Path).ToHashSet();
        string[] Sources(string half, string exclude) =>
            [.. Directory.GetFiles(Path.Combine(here, half), "*.c").Where(f => !Regex.IsMatch(Path.GetFileName(f), exclude) && !included.Contains(Path.GetFileName(f))).Order(StringComparer.Ordinal)];

        Compile(here, "native.so", [.. Kernel, "-I" + it.Folder], NativeUnits(it, plan, here));
        Compile(here, "kernel.so", [.. Kernel, "-I" + RuntimeSource, "-I" + Path.Combine(here, "kernel")], Sources("kernel", @"^md_.*_k\.c$"));
        string[] user = [.. Kernel, "-I" + Run, "-I" + Path.Combine(Checkout.Root, "user"), "-I" + RuntimeSource, "-I" + Path.Combine(here, "user")];
        string[] plain = ["-I" + Path.Combine(Checkout.Root, "user"), "-I" + RuntimeSource, "-I" + Path.Combine(here, "user")];
        var units = Sources("user", @"^md_").Select((source, i) => Object(here, $"u{i}.o", user, source)).ToArray();
        Compile(here, "user.so", plain,
            [.. units, .. Sources("user", @"^(?!md_(tables|formats)\.c)"), Path.Combine(here, "user", "md_downcalls.S"), Path.Combine(Run, "user_half.c"), Path.Combine(Checkout.Root, "user", "md_lock.c")]);
        var (exit, output) = Execute(here, program.Value, Path.Combine(here, "native.so"), Path.Combine(here, "kernel.so"), Path.Combine(here, "user.so"), "1", $"{seeds}");
        return exit == 0 ? null : output.Length == 0 ? $"exit code {exit}" : output;
    }

    private static string[] Kernel => ["-nostdinc", "-DCASES_RUN", "-I" + KernelHeaders];

    /// <summary>Each unit as it is, with a table of its names behind it.</summary>
    private static string[] NativeUnits(Case it, SlicePlan plan, string here) =>
    [
        .. it.Model.Files.Select((file, i) =>
        {
            var names = plan.Symbols.Where(s => s.Unit == file.Path && Named(it, s)).ToArray();
            var text = new StringBuilder($"#include \"{Path.Combine(it.Folder, file.Path)}\"\n");
            text.Append("struct cases_symbol { const char *name; const void *address; unsigned long size; };\n");
            text.Append($"const struct cases_symbol cases_symbols_{i}[] = {{\n");
            foreach (var s in names)
                text.Append($"\t{{ \"{s.Name}\", (void *)&{s.Name}, {(s.Kind == SymbolKind.Function ? 0 : s.Size)} }},\n");
            text.Append("\t{ 0 },\n};\n");
            if (i == 0)
                text.Append(Fields(it));
            return Write(Path.Combine(here, $"native{i}.c"), text.ToString());
        }),
    ];

    private static bool Named(Case it, PlanSymbol symbol) => !it.Model.Globals.Any(g => g.Id == symbol.Id && g.Function is not null);

    private static string Fields(Case it)
    {
        var rows = from r in it.Model.Records
                   where r.InDriver && !r.IsUnion && r.Size > 0
                   from f in r.Fields
                   select $"\t{{ \"{r.Spelling}\", \"{f.Name}\", {r.Size}, {f.OffsetBits / 8}, {Math.Max(1, (f.SizeBits + 7) / 8)} }},\n";
        return "struct cases_field { const char *record, *name; unsigned int size, offset, bytes; };\n"
            + $"const struct cases_field cases_fields[] = {{\n{string.Concat(rows)}\t{{ 0 }},\n}};\n";
    }

    private string Build()
    {
        var shims = Directory.CreateDirectory(Path.Combine(folder, "shims", "linux")).FullName;
        var sources = Runtime.Concat(["md_runtime.h", "microdriver.h", "microdriver_wire.h"]).Select(f => File.ReadAllText(Path.Combine(RuntimeSource, f)));
        foreach (var header in sources.SelectMany(t => Regex.Matches(t, @"^#include <linux/(\w+\.h)>", RegexOptions.Multiline)).Select(m => m.Groups[1].Value).Distinct())
            Write(Path.Combine(shims, header), "#include \"shim.h\"\n");
        string[] arguments = ["-I" + Path.GetDirectoryName(shims), "-I" + Run, "-I" + RuntimeSource, "-I" + Path.Combine(Checkout.Root, "user"), "-I" + KernelHeaders];
        // kernel.c is the cases' kernel, all others see the shim.
        var kernel = Object(folder, "kernel.o", Kernel, Path.Combine(Run, "kernel.c"));
        // What records looked like is kept from the second walk on: the cases are short.
        Execute(folder, "gcc", true, [.. Sanitizers, .. arguments, "-DMD_SEEN_FROM=2", "-rdynamic", "-o", "harness", Path.Combine(Run, "harness.c"), .. Runtime.Select(f => Path.Combine(RuntimeSource, f)), kernel, "-ldl"]);
        return Path.Combine(folder, "harness");
    }

    private static string Object(string here, string name, string[] arguments, string source)
    {
        Execute(here, "gcc", true, [.. Sanitizers, .. arguments, "-c", "-o", name, source]);
        return Path.Combine(here, name);
    }

    private static void Compile(string here, string product, string[] arguments, string[] sources) =>
        Execute(here, "gcc", true, [.. Sanitizers, .. arguments, "-shared", "-Wl,-Bsymbolic", "-o", product, .. sources]);

    private static void Execute(string here, string program, bool mustSucceed, string[] arguments)
    {
        var (exit, output) = Execute(here, program, arguments);
        Assert.True(exit == 0 || !mustSucceed, output);
    }

    private static (int Exit, string Output) Execute(string here, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = here };
        start.Environment["ASAN_OPTIONS"] = "detect_leaks=0";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    private static string Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
