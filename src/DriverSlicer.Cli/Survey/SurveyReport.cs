// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis;

namespace DriverSlicer.Cli.Survey;

/// <summary>
/// What a survey found, as its JSON says it. Reports of parts add up to the report of the whole; <see cref="Names"/> tells parts that
/// overlap.
/// </summary>
public sealed record SurveyReport(string Kernel)
{
    public const int CurrentSchema = 1;

    public int Schema { get; init; } = CurrentSchema;

    public int Modules { get; init; }

    public int Files { get; init; }

    public ImmutableArray<FailedFile> Failed { get; init; } = [];

    public int Functions { get; init; }

    /// <summary>Kept in the kernel half by contexts or locks.</summary>
    public int CriticalFunctions { get; init; }

    public int UserFunctions { get; init; }

    public int Lines { get; init; }

    public int UserLines { get; init; }

    /// <summary>What would leave the kernel if every construct could be marshaled.</summary>
    public Amount WithoutConstructs { get; init; }

    /// <summary>What keeps functions when constructs are left aside; Construct: what is kept for nothing else.</summary>
    public ImmutableArray<Counted> Kept { get; init; } = [];

    public ImmutableArray<SurveyClass> Classes { get; init; } = [];

    public ImmutableArray<Counted> Pins { get; init; } = [];

    public ImmutableArray<Counted> UnknownRoots { get; init; } = [];

    public ImmutableArray<Counted> Api { get; init; } = [];

    public double Seconds { get; init; }

    /// <summary>Processor time that the workers took for it, cached results included: on another machine, or beside other work, the better measure.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>The most that the survey and its workers had resident at once.</summary>
    public long PeakRssMb { get; init; }

    /// <summary>Modules whose results were in the cache.</summary>
    public int Cached { get; init; }

    /// <summary>Drawn from how many, or 0 for all of them.</summary>
    public int SampleOf { get; init; }

    public ImmutableArray<string> Names { get; init; } = [];

    public static SurveyReport Of(ModuleResult module, string kernel)
    {
        var critical = module.Kept.GetValueOrDefault(KeptBy.Context).Functions + module.Kept.GetValueOrDefault(KeptBy.Lock).Functions;
        var constructs = new Amount(module.Free.Functions - module.User.Functions, module.Free.Lines - module.User.Lines);
        return new SurveyReport(kernel)
        {
            Modules = 1,
            Files = module.Files,
            Failed = module.Failed,
            Functions = module.All.Functions,
            CriticalFunctions = critical,
            UserFunctions = module.User.Functions,
            Lines = module.All.Lines,
            UserLines = module.User.Lines,
            WithoutConstructs = module.Free,
            Kept =
            [
                .. module.Kept.Select(k => new Counted(k.Key.ToString(), k.Value.Functions, k.Value.Lines, 1)),
                new Counted(nameof(KeptBy.Construct), constructs.Functions, constructs.Lines, constructs.Functions > 0 ? 1 : 0),
            ],
            Classes =
            [
                new SurveyClass(
                    DriverClass.Of(module.Module), 1, module.Files, module.All.Functions, critical, module.User.Functions, module.All.Lines,
                    module.User.Lines, module.Free),
            ],
            Pins = [.. module.Pins.Select(p => new Counted(p.Key, p.Value.Functions, p.Value.Lines, 1))],
            UnknownRoots = [.. module.UnknownRoots.Select(r => new Counted(r.Key, r.Value, 0, 1))],
            Api = [.. module.Api.Select(a => new Counted(a.Key, a.Value, 0, 1))],
            CpuSeconds = module.CpuSeconds,
            Names = [module.Module],
        };
    }

    /// <summary>Of one kernel, with no module in two of them. Seconds add up; the largest peak counts.</summary>
    public static SurveyReport Merge(string kernel, IReadOnlyCollection<SurveyReport> parts) => new(kernel)
    {
        Modules = parts.Sum(p => p.Modules),
        Files = parts.Sum(p => p.Files),
        Failed = [.. parts.SelectMany(p => p.Failed).OrderBy(f => f.File, StringComparer.Ordinal).ThenBy(f => f.Reason, StringComparer.Ordinal)],
        Functions = parts.Sum(p => p.Functions),
        CriticalFunctions = parts.Sum(p => p.CriticalFunctions),
        UserFunctions = parts.Sum(p => p.UserFunctions),
        Lines = parts.Sum(p => p.Lines),
        UserLines = parts.Sum(p => p.UserLines),
        WithoutConstructs = parts.Aggregate(default(Amount), (sum, p) => sum + p.WithoutConstructs),
        Kept = Counted.Sum(parts.SelectMany(p => p.Kept)),
        Classes =
        [
            .. parts.SelectMany(p => p.Classes).GroupBy(c => c.Class).Select(g => SurveyClass.Sum(g.Key, g)).OrderBy(c => c.Class, StringComparer.Ordinal),
        ],
        Pins = Counted.Sum(parts.SelectMany(p => p.Pins)),
        UnknownRoots = Counted.Sum(parts.SelectMany(p => p.UnknownRoots)),
        Api = Counted.Sum(parts.SelectMany(p => p.Api)),
        Seconds = Math.Round(parts.Sum(p => p.Seconds), 1),
        CpuSeconds = Math.Round(parts.Sum(p => p.CpuSeconds), 1),
        PeakRssMb = parts.Select(p => p.PeakRssMb).DefaultIfEmpty().Max(),
        Cached = parts.Sum(p => p.Cached),
        SampleOf = parts.Sum(p => p.SampleOf),
        Names = [.. parts.SelectMany(p => p.Names).Order(StringComparer.Ordinal)],
    };
}
