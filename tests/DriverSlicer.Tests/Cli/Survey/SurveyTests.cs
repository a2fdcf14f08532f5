// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.Json;
using DriverSlicer.Analysis;
using DriverSlicer.Cli.Survey;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Cli.Survey;

public sealed class SurveyTests : IDisposable
{
    private readonly string scratch = Directory.CreateTempSubdirectory("survey-").FullName;

    private static ModuleResult Module(string path, int functions, int critical, int user) => new(path, 1)
    {
        All = new Amount(functions, 10 * functions),
        Free = new Amount(functions - critical, 10 * (functions - critical)),
        User = new Amount(user, 10 * user),
        Kept = ImmutableSortedDictionary<KeptBy, Amount>.Empty.Add(KeptBy.Context, new Amount(critical, 10 * critical)),
        UnknownRoots = ImmutableSortedDictionary<string, int>.Empty.Add("struct toy_ops.turn", 1),
    };

    private static SurveyReport Report(params ModuleResult[] modules) => SurveyReport.Merge("6.1", [.. modules.Select(m => SurveyReport.Of(m, "6.1"))]);

    private string Saved(string name, SurveyReport report)
    {
        var path = Path.Combine(scratch, name);
        SurveyFile.Write(path, report);
        return path;
    }

    [Theory]
    [InlineData("drivers/net/ethernet/maker/part/card", "drivers/net/ethernet")]
    [InlineData("drivers/net/tap", "drivers/net")]
    [InlineData("drivers/watchdog/dog", "drivers/watchdog")]
    [InlineData("drivers/hid/maker/card", "drivers/hid")]
    [InlineData("sound/pci/maker/card", "sound/pci")]
    public void A_class_is_a_folder_of_the_tree(string module, string expected) => Assert.Equal(expected, DriverClass.Of(module));

    [Fact]
    public void Parts_add_up_to_the_whole()
    {
        var (a, b, c) = (Module("drivers/watchdog/a", 10, 2, 7), Module("sound/pci/b", 20, 3, 5), Module("drivers/watchdog/c", 4, 0, 4));
        var merged = SurveyFile.Merge([Saved("1.json", Report(a, b)), Saved("2.json", Report(c))]);

        Assert.Equal(JsonSerializer.Serialize(Report(a, b, c)), JsonSerializer.Serialize(merged));
        Assert.Equal((34, 5, 16), (merged.Functions, merged.CriticalFunctions, merged.UserFunctions));
        Assert.Equal([("drivers/watchdog", 14, 2), ("sound/pci", 20, 1)], merged.Classes.Select(k => (k.Class, k.Functions, k.Modules)));
        Assert.Equal(new Counted("struct toy_ops.turn", 3, 0, 3), Assert.Single(merged.UnknownRoots));
    }

    [Fact]
    public void What_only_constructs_keep_is_not_critical()
    {
        var report = Report(Module("drivers/watchdog/a", 10, 2, 5));
        Assert.Equal(2, report.CriticalFunctions);
        Assert.Equal(3, report.Kept.Single(k => k.Name == "Construct").Count);
    }

    [Fact]
    public void Parts_that_overlap_are_refused()
    {
        var twice = Module("drivers/watchdog/a", 10, 2, 7);
        var e = Assert.Throws<DiagnosticException>(() => SurveyFile.Merge([Saved("1.json", Report(twice)), Saved("2.json", Report(Module("sound/b", 1, 0, 1), twice))]));
        Assert.Contains("drivers/watchdog/a", e.Diagnostic.Message);
    }

    [Fact]
    public void Parts_of_two_kernels_are_refused()
    {
        var other = SurveyReport.Merge("6.12", [SurveyReport.Of(Module("sound/b", 1, 0, 1), "6.12")]);
        Assert.Throws<DiagnosticException>(() => SurveyFile.Merge([Saved("1.json", Report(Module("sound/a", 1, 0, 1))), Saved("2.json", other)]));
    }

    [Fact]
    public void The_json_has_the_names_that_scripts_ask_for()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Saved("1.json", Report(Module("sound/a", 1, 0, 1) with { Failed = [new FailedFile("sound/a.c", "why")] }))));
        foreach (var name in "modules files failed functions critical_functions lines user_lines unknown_roots seconds peak_rss_mb".Split(' '))
            Assert.True(json.RootElement.TryGetProperty(name, out _), name);
        Assert.Equal("why", json.RootElement.GetProperty("failed")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public void Shards_are_disjoint_and_complete()
    {
        var all = Enumerable.Range(0, 23).ToArray();
        Assert.Equal(all, Enumerable.Range(1, 4).SelectMany(i => new Shard(i, 4).Of(all)).Order());
        Assert.Null(Shard.Parse("5/4"));
        Assert.Null(Shard.Parse("0/4"));
        Assert.Equal(new Shard(2, 4), Shard.Parse("2/4"));
    }

    [Fact]
    public void A_sample_is_the_same_again_and_grows_by_its_size()
    {
        ImmutableArray<string> all = [.. Enumerable.Range(0, 100).Select(i => $"drivers/d{i}")];
        var ten = Sampling.Draw(all, x => x, 10, 1);
        Assert.Equal(10, ten.Length);
        Assert.Equal(ten, Sampling.Draw(all, x => x, 10, 1));
        Assert.Subset(Sampling.Draw(all, x => x, 20, 1).ToHashSet(), ten.ToHashSet());
        Assert.NotEqual(ten, Sampling.Draw(all, x => x, 10, 2));
    }

    [Fact]
    public void Progress_tells_how_long_yet() =>
        Assert.Equal("25 of 100 files (25%), 5 modules, 1 min 40 s; 5 min 0 s left", SurveyProgress.Line(5, 25, 100, TimeSpan.FromSeconds(100)));

    public void Dispose() => Directory.Delete(scratch, recursive: true);
}
