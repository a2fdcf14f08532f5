// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DriverSlicer.Analysis;
using DriverSlicer.Clang;
using DriverSlicer.Cli.Specs;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Cases;

/// <summary>
/// A folder of tests/cases/constructs: a small driver over the small kernel of tests/cases/kernel, through the real stages with the
/// repository's own specs. Its files are its units, but for those that another one includes.
/// </summary>
internal sealed record Case(string Name, DriverModel Model, SlicePlan Plan, KernelSpecs Specs)
{
    private static readonly Lazy<KernelSpecs> Rules = new(ReadSpecs);

    public static string Root { get; } = Path.Combine(Checkout.Root, "tests", "cases");

    public static string Kernel { get; } = Path.Combine(Root, "kernel");

    public string Folder => FolderOf(Name);

    /// <summary>All, or those that CASE names in the environment.</summary>
    public static IEnumerable<string> Names() =>
        Directory.GetDirectories(Path.Combine(Root, "constructs")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)
        .Where(name => Environment.GetEnvironmentVariable("CASE") is not { Length: > 0 } some || some.Split(' ').Contains(name));

    /// <param name="fewer">What is left of the specifications.</param>
    public static Case Read(string name, SliceChoices? choices = null, Func<KernelSpecs, KernelSpecs>? fewer = null)
    {
        var specs = (fewer ?? (s => s))(Rules.Value) with { Choices = choices ?? ChoiceFile.Find(null, FolderOf(name)) };
        var included = Sources(name).SelectMany(f => Regex.Matches(File.ReadAllText(f), "^#include \"(.*\\.c)\"", RegexOptions.Multiline).Select(m => m.Groups[1].Value)).ToHashSet();
        var units = Sources(name).Where(f => !included.Contains(Path.GetFileName(f)))
            .Select(f => new CompiledUnit(Path.GetFileName(f), File.ReadAllBytes(f), ["-std=gnu11", "-O2", "-nostdinc", "-Iinclude", "-fno-strict-aliasing"]));
        var commands = new BuildCommands(name, new KernelTree("cases", Kernel), FolderOf(name), FolderOf(name), [.. units], [], []);
        using var read = ClangFrontEnd.ReadUnits(commands, specs.Macros);
        var model = Outlining.Run(read.Model, specs, SliceAbilities.Today, requests => ClangFrontEnd.Outline(commands, specs.Macros, read, requests));
        return new Case(name, model, Slicing.Run(model, specs, SliceAbilities.Today), specs);
    }

    /// <summary><c>main.c:12 DS0506</c>: what the plan says of the driver's lines.</summary>
    public string[] Found() => [.. Plan.Diagnostics.Select(d => $"{Path.GetFileName(d.Location.File)}:{d.Location.Line} {d.Id}").Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The same as the comments on the lines expect it.</summary>
    public string[] Expected() =>
    [
        .. Sources(Name).Concat(Directory.GetFiles(Folder, ChoiceFile.Name)).SelectMany(file => File.ReadAllLines(file).SelectMany((text, i) =>
            Regex.Matches(text, @"\bDS\d{4}\b").Select(id => $"{Path.GetFileName(file)}:{i + 1} {id.Value}"))).Order(StringComparer.Ordinal),
    ];

    private static string FolderOf(string name) => Path.Combine(Root, "constructs", name);

    private static string[] Sources(string name) => [.. Directory.GetFiles(FolderOf(name), "*.c").Order(StringComparer.Ordinal)];

    private static KernelSpecs ReadSpecs()
    {
        var folder = Directory.CreateTempSubdirectory("cases-specs");
        try
        {
            foreach (var file in Directory.GetFiles(Path.Combine(Checkout.Root, "specs"), "*.toml"))
            {
                var own = Path.Combine(Kernel, "specs", Path.GetFileName(file));
                File.WriteAllText(Path.Combine(folder.FullName, Path.GetFileName(file)), File.ReadAllText(file) + (File.Exists(own) ? File.ReadAllText(own) : ""));
            }

            return SpecReader.Read(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
