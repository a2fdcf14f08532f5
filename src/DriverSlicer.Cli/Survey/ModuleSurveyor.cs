// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis;
using DriverSlicer.Clang;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Survey;

/// <summary>One module: read, placed, counted.</summary>
public static class ModuleSurveyor
{
    /// <param name="skipped">Files that are not to be read, with the reason.</param>
    /// <param name="headers">Precompiled, or null.</param>
    /// <param name="begin">Told the path of each file before it is read.</param>
    public static ModuleResult Survey(ModuleSource module, KernelTree tree, KernelSpecs specs, ImmutableArray<FailedFile> skipped, HeaderSet? headers, Action<string> begin)
    {
        var before = Environment.CpuUsage.TotalTime;
        string InTree(string file) => Path.GetRelativePath(tree.SourceDirectory!, Path.GetFullPath(file, Path.Combine(tree.SourceDirectory!, module.Folder)));
        skipped = [.. skipped, .. module.Files.Where(f => !File.Exists(ModuleFile.Locate(InTree(f.Path), tree.SourceDirectory!))).Select(f => new FailedFile(
            InTree(f.Path), f.Words.IsEmpty ? "not made from a C file" : "the kernel build generates it, the source package does not have it"))];
        var build = BuildCommands.Of(module with { Files = [.. module.Files.Where(f => !skipped.Any(s => s.File == InTree(f.Path)))] }, tree);
        var (model, failed) = ClangFrontEnd.ReadTolerant(build, specs.Macros, headers, file => begin(InTree(file)));
        begin("");
        var surveyed = Slicing.Survey(model, specs, SliceAbilities.Today);
        return Count(surveyed, new ModuleResult(module.Path, module.Files.Length)
        {
            Failed = [.. skipped, .. failed.Select(d => new FailedFile(InTree(d.Location.File), d.Message))],
            Headers = Dependencies.Of(model, Path.Combine(tree.SourceDirectory!, module.Folder)),
            CpuSeconds = Math.Round((Environment.CpuUsage.TotalTime - before).TotalSeconds, 3),
        });
    }

    private static ModuleResult Count(Surveyed surveyed, ModuleResult empty)
    {
        var own = surveyed.Graph.Model.Functions.Where(f => f.Origin == FunctionOrigin.Driver).ToDictionary(f => f.Id);
        var cut = surveyed.Regions.GroupBy(r => r.Function).ToDictionary(g => g.Key, g => g.Sum(r => r.Release.Line - r.Acquire.Line + 1));
        var free = surveyed.Free.Functions.Where(p => own.ContainsKey(p.Function)).ToArray();
        var final = surveyed.Final.Functions.Where(p => own.ContainsKey(p.Function)).ToArray();
        var pins = surveyed.Pins.ToDictionary(p => p.Function, p => p.DiagnosticId);
        return empty with
        {
            All = Sum(own.Values, f => f.Lines),
            Free = Sum(free.Where(p => p.Half == Half.User).Select(p => own[p.Function]), Moved),
            User = Sum(final.Where(p => p.Half == Half.User).Select(p => own[p.Function]), Moved),
            Kept = free.Where(p => p.Half == Half.Kernel).GroupBy(Surveyed.Kept)
                .ToImmutableSortedDictionary(g => g.Key, g => Sum(g.Select(p => own[p.Function]), f => f.Lines)),
            Pins = final.Where(p => p.Half == Half.Kernel && pins.ContainsKey(p.Function)).GroupBy(p => pins[p.Function])
                .ToImmutableSortedDictionary(g => g.Key, g => Sum(g.Select(p => own[p.Function]), f => f.Lines), StringComparer.Ordinal),
            UnknownRoots = surveyed.Roots.Where(r => r.Kind == RootKind.Unknown).GroupBy(r => r.Key)
                .ToImmutableSortedDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal),
            Api = own.Keys.SelectMany(f => surveyed.Graph.Out(f)).Where(e => e.Kind == EdgeKind.Direct && e.Callee is { Origin: not (FunctionOrigin.Driver or FunctionOrigin.Macro) })
                .GroupBy(e => e.Callee!.Name).ToImmutableSortedDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal),
        };

        int Moved(Function f) => Math.Max(0, f.Lines - cut.GetValueOrDefault(f.Id));
    }

    private static Amount Sum(IEnumerable<Function> functions, Func<Function, int> lines) =>
        functions.Aggregate(default(Amount), (sum, f) => sum + new Amount(1, lines(f)));
}
