// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Cli.Specs;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Specs;

/// <summary>A <c>specs/</c> of its own in which everything is empty but two actions.</summary>
internal sealed class SpecFolder : IDisposable
{
    public const string Actions = """
        [[action]]
        name = "mask-irq"
        postpone = "mask(gate, a0)"
        result = "1"
        why = "x"
        [[action]]
        name = "wait"
        waits = true
        why = "x"
        """;

    public SpecFolder()
    {
        foreach (var name in new[] { "entry-points", "kernel-api", "locks", "macros", "pairs", "null", "errors" })
            File.WriteAllText(System.IO.Path.Combine(Path, name + ".toml"), "# nothing\n");
        File.WriteAllText(System.IO.Path.Combine(Path, "contended.toml"), Actions);
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("specs").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public KernelSpecs Read(string file, string text)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, file + ".toml"), text);
        return SpecReader.Read(Path);
    }
}
