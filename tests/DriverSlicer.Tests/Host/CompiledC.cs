// SPDX-License-Identifier: GPL-2.0-only
using System.Diagnostics;

namespace DriverSlicer.Tests.Host;

/// <summary>Small C programs and libraries, compiled against the checkout's own headers into a folder of their own.</summary>
internal static class CompiledC
{
    internal static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    internal static string Library(string source) => Build(source, "half.so", "-shared", "-fPIC", "-pthread");

    internal static string Output(string source) => Run(Build(source, "program")).Output;

    internal static (int Exit, string Output, string Errors) Run(string program, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    static string Build(string source, string name, params string[] flags)
    {
        var folder = Directory.CreateTempSubdirectory("md-host-test-").FullName;
        var (input, output) = (Path.Combine(folder, "source.c"), Path.Combine(folder, name));
        File.WriteAllText(input, source);
        var result = Run("gcc", [.. flags, "-D_GNU_SOURCE", $"-I{Root}/kernel", $"-I{Root}/user", "-o", output, input]);
        return result.Exit == 0 ? output : throw new InvalidOperationException(result.Errors);
    }

    static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "DriverSlicer.slnx"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not inside a checkout"));
}
