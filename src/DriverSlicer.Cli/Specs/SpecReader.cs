// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Specs;

/// <summary>
/// specs/*.toml to <see cref="KernelSpecs"/>. Eight files, one kind of rule each; docs/reference/specs.md documents the keys. The first
/// mistake is reported and ends the run: half a specification is none.
/// </summary>
public static class SpecReader
{
    /// <exception cref="DiagnosticException">DS0301 to DS0308, exit code 2.</exception>
    public static KernelSpecs Read(string directory)
    {
        var actions = ContendedFile.Read(Text(directory, "contended.toml"));
        return new KernelSpecs(
            EntryPointFile.Read(Text(directory, "entry-points.toml"), actions),
            KernelApiFile.Read(Text(directory, "kernel-api.toml")),
            LockFile.Read(Text(directory, "locks.toml")),
            MacroFile.Read(Text(directory, "macros.toml")),
            PairFile.Read(Text(directory, "pairs.toml")))
        {
            Contended = actions,
            Null = ArgumentFile.Read(Text(directory, "null.toml"), "null"),
            Errors = ArgumentFile.Read(Text(directory, "errors.toml"), "error"),
        };
    }

    private static SpecText Text(string directory, string name)
    {
        var path = Path.Combine(directory, name);
        try
        {
            return new SpecText(path, File.ReadAllText(path));
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw SpecTrouble.Unreadable(path, trouble.Message);
        }
    }
}
