// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Lab.Faults;
using Xunit;

namespace DriverSlicer.Tests.Lab;

public class FaultLogTests
{
    private static readonly FaultPoint Point = new("up", "kill", "card_open", 1, 4);
    private const string Fine = "@@F 3 struck=1 nothing=0 calls=1 since_ms=90 code=2 ms=12 error_ms=9 died=1 serving=1 taint=0 rebinds=0 recovery_ms=80 answers=right data=same gap_ms=14";

    private static (List<FaultResult> Results, FaultLog Log) Read(params string[] lines)
    {
        var results = new List<FaultResult>();
        var log = new FaultLog(_ => Point, results.Add);
        foreach (var line in lines)
            log.Add($"[   12.345678] {line}");
        log.End();
        return (results, log);
    }

    [Fact]
    public void A_fault_that_was_survived_is_good()
    {
        var result = Assert.Single(Read("@@F 3 begin", "8139cp: link up", Fine).Results);
        Assert.True(result.Good && result.Clean && result.DataAlive);
        Assert.Equal((3, 9L, 80L, 14L), (result.Index, result.ErrorMs, result.RecoveryMs, result.GapMs));
    }

    [Fact]
    public void A_guest_that_ends_within_a_fault_was_killed_by_it()
    {
        var result = Assert.Single(Read("@@F 3 begin", "Kernel panic - not syncing").Results);
        Assert.False(result.Alive);
        Assert.False(result.Good);
        Assert.Equal(["Kernel panic - not syncing"], result.Reports);
    }

    [Fact]
    public void A_kernel_that_complains_is_not_alive_even_if_it_goes_on()
    {
        var (results, log) = Read("BUG: before any fault", "@@F 3 begin", "WARNING: CPU: 0 PID: 1 at x", Fine);
        Assert.False(Assert.Single(results).Good);
        Assert.Equal(["BUG: before any fault"], log.Others);
    }

    [Theory]
    [InlineData("data=same", "data=lost")]
    [InlineData("answers=right", "answers=wrong")]
    [InlineData("serving=1", "serving=0")]
    [InlineData("code=2", "code=255")]
    [InlineData("data=same", "data=new")]
    [InlineData("rebinds=0", "rebinds=1")]
    public void What_is_not_as_before_is_not_good(string right, string wrong) =>
        Assert.False(Assert.Single(Read("@@F 3 begin", Fine.Replace(right, wrong, StringComparison.Ordinal)).Results).Good);

    [Theory]
    [InlineData("unbind", true)]
    [InlineData("load", true)]
    [InlineData("suspend", false)]
    public void Only_what_takes_the_device_from_its_driver_may_need_it_bound_anew_and_end_a_connection(string action, bool good)
    {
        var point = Point with { Action = action };
        var told = Fine["@@F 3 ".Length..].Replace("rebinds=0", "rebinds=1", StringComparison.Ordinal).Replace("data=same", "data=new", StringComparison.Ordinal);
        Assert.Equal(good, FaultResult.Of(3, point, told, []).Good);
    }

    [Fact]
    public void A_point_that_nobody_came_by_is_no_fault() =>
        Assert.Equal(0, Assert.Single(Read("@@F 3 begin", Fine.Replace("struck=1", "struck=0", StringComparison.Ordinal)).Results).Struck);

    [Fact]
    public void A_kind_that_could_not_be_done_at_its_point_is_no_fault() =>
        Assert.Equal(0, Assert.Single(Read("@@F 3 begin", Fine.Replace("nothing=0", "nothing=1", StringComparison.Ordinal)).Results).Struck);

    [Fact]
    public void A_journal_goes_on_behind_a_line_that_was_cut_off()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var result = Assert.Single(Read("@@F 3 begin", Fine).Results);
            var journal = FaultJournal.Open(folder, "key");
            journal.Set(new FaultProfile([new RecordedCall("up", "card_open", 1, ["request_irq"])]));
            journal.Add(result);
            File.AppendAllText(Path.Combine(folder, "journal.jsonl"), "{\"Index\": 4");
            FaultJournal.Open(folder, "key").Add(result with { Index = 4 });

            var again = FaultJournal.Open(folder, "key");
            Assert.Equal([3, 4], again.Results.Select(r => r.Index));
            Assert.Equal("card_open", again.Profile!.Calls[0].Entry);
            Assert.Equal(Point, again.Results[0].Point);
            Assert.Empty(FaultJournal.Open(folder, "another key").Results);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
