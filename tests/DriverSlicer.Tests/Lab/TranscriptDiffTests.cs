// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using Xunit;

namespace DriverSlicer.Lab.Tests;

public class TranscriptDiffTests
{
    [Fact]
    public void Equal_transcripts_have_no_differences() => Assert.Empty(Compare(["== a", "x"], ["== a", "x"]));

    [Fact]
    public void A_difference_names_its_step_and_side() =>
        Assert.Equal(
            [new("b", "y", null), new("b", null, "z")],
            Compare(["== a", "x", "== b", "y"], ["== a", "x", "== b", "z"]));

    [Fact]
    public void An_additional_line_does_not_spoil_the_rest() =>
        Assert.Equal([new("a", null, "new")], Compare(["== a", "x", "y"], ["== a", "x", "new", "y"]));

    [Fact]
    public void What_another_native_run_says_as_well_is_no_difference_to_both()
    {
        ImmutableArray<string> one = ["== a", "late", "x"], another = ["== a", "x"];
        ImmutableArray<TranscriptDifference> Left(params string[] micro) => TranscriptDiff.ToBoth(one, another, [.. micro], []);

        Assert.Empty(Left("== a", "x"));
        Assert.Empty(Left("== a", "late", "x"));
        Assert.Equal([new("a", null, "y")], Left("== a", "x", "y"));
        Assert.Equal([new("a", "x", null)], Left("== a", "late"));
    }

    [Fact]
    public void A_line_that_two_native_runs_say_in_different_places_must_not_be_missing_or_doubled()
    {
        int Left(params string[] micro) => TranscriptDiff.ToBoth(["== a", "up", "== b"], ["== a", "== b", "up"], [.. micro], []).Length;

        Assert.Equal([0, 0, 1, 1], [Left("== a", "up", "== b"), Left("== a", "== b", "up"), Left("== a", "== b"), Left("== a", "up", "== b", "up")]);
    }

    [Fact]
    public void Masks_drop_and_rewrite()
    {
        var masks = Mask.Parse("# noise\ndrop ^k\\| tsc:\n# an address\nsub 0x[0-9a-f]+ => ADDR\n", "test");
        Assert.Empty(TranscriptDiff.Compare(["at 0x12"], ["k| tsc: calibrated", "at 0xff"], masks));
    }

    [Fact]
    public void A_mask_needs_a_reason()
    {
        var error = Assert.Throws<LabException>(() => Mask.Parse("# why\ndrop a\n\ndrop b\n", "some.masks"));
        Assert.StartsWith("some.masks:4: a mask without a reason", error.Message);
    }

    [Theory]
    [InlineData("drop [")]
    [InlineData("sub a")]
    [InlineData("hide a")]
    public void A_malformed_mask_names_its_line(string mask) =>
        Assert.StartsWith("some.masks:2: ", Assert.Throws<LabException>(() => Mask.Parse("# why\n" + mask, "some.masks")).Message);

    private static ImmutableArray<TranscriptDifference> Compare(ImmutableArray<string> native, ImmutableArray<string> micro) =>
        TranscriptDiff.Compare(native, micro, []);
}
