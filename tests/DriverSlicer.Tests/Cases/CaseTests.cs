// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;
using DriverSlicer.Tests.Emit;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Tests.Cases;

/// <summary>Every construct works, or is refused or kept with a diagnostic on its line (tests/cases/README.md).</summary>
public sealed class CaseTests(Harness harness) : IClassFixture<Harness>
{
    private const int Seeds = 12;

    public static TheoryData<string> All => [.. Case.Names()];

    [Theory]
    [MemberData(nameof(All))]
    public void Each_stage_makes_the_reviewed_text_of_a_case(string name)
    {
        var it = Case.Read(name);

        Golden.Check(Path.Combine(it.Folder, "expected"), CaseStages.Of(it));
        Assert.DoesNotContain(it.Plan.Diagnostics, d => d.Severity == Severity.Error);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_kept_is_said_on_its_line(string name)
    {
        var it = Case.Read(name);

        Assert.Equal(it.Expected(), it.Found());
        Assert.All(it.Plan.Diagnostics, d => Assert.NotEmpty(d.Next));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Two_halves_do_as_the_whole(string name)
    {
        var it = Case.Read(name);

        var trouble = harness.Try(it, it.Plan, Seeds);

        Assert.True(trouble is null, trouble);
    }

    /// <summary>Of every two rules one is gone, by chance; then the user half may be smaller, and no more than that.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void With_fewer_rules_less_moves_and_nothing_goes_wrong(string name)
    {
        var all = Case.Read(name);
        foreach (var seed in Enumerable.Range(1, 2))
        {
            var it = Case.Read(name, fewer: specs => FewerRules.Of(specs, seed));
            var more = User(it).Except(User(all)).ToArray();

            Assert.True(more.Length == 0, $"seed {seed}: {string.Join(", ", more)} moved");
            Assert.DoesNotContain(it.Plan.Diagnostics, d => d.Severity == Severity.Error);
            var trouble = harness.Try(it, it.Plan, 3);
            Assert.True(trouble is null, $"seed {seed}: {trouble}");
        }

        static string[] User(Case c) => [.. c.Plan.Functions.Where(f => f.Half == Half.User).Select(f => f.Name)];
    }

    /// <summary>The test of the test.</summary>
    [Theory]
    [InlineData("both-halves-write", "dropped")]
    [InlineData("both-halves-write", "not returned")]
    [InlineData("list-walk", "dropped")]
    public void A_planted_bug_is_found(string name, string bug)
    {
        var it = Case.Read(name);
        var upcall = it.Plan.Upcalls.Single(u => u.Name.EndsWith("step", StringComparison.Ordinal));
        var (visit, field) = upcall.Visits.SelectMany(v => v.Fields.Select(f => (v, f))).First(p => p.f.In && p.f.Out && p.f.Kind == FieldKind.Bytes);
        ImmutableArray<FieldPlan> fields = bug switch
        {
            "dropped" => visit.Fields.Remove(field),
            _ => visit.Fields.Replace(field, field with { Out = false }),
        };
        var planted = it.Plan with { Upcalls = it.Plan.Upcalls.Replace(upcall, upcall with { Visits = upcall.Visits.Replace(visit, visit with { Fields = fields }) }) };

        var found = harness.Try(it, planted, Seeds);

        Assert.NotNull(found);
        Assert.Contains("natively", found);
    }

    [Theory]
    [InlineData("macro-shims")]
    [InlineData("several-files")]
    public void Locks_that_share_a_class_are_found(string name)
    {
        var it = Case.Read(name, fewer: specs => specs with { Macros = [.. specs.Macros.Select(m => m with { LockClass = false })] });

        var found = harness.Try(it, it.Plan, Seeds);

        Assert.NotNull(found);
        Assert.Contains("natively", found);
    }
}
