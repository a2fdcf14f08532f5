// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis;
using DriverSlicer.Model;
using static DriverSlicer.Tests.Placement.Some;

namespace DriverSlicer.Tests.Placement;

public class KeptByTests
{
    private static KeptBy Of(PlacementResult placement, string name) => Surveyed.Kept(placement.Functions.Single(p => p.Name == name));

    [Fact]
    public void What_keeps_a_function_is_told_by_its_reason()
    {
        var placement = new SmallDriver()
            .Function("irq", Call("deep")).Function("deep").Entry("irq", ExecContext.HardIrq)
            .Function("open").Entry("open", ExecContext.Process)
            .Function("given", Call("below")).Function("below").Export("given")
            .Function("odd", Call("under")).Function("under").Table("struct kernel_ops", "odd", "odd")
            .Function("dead")
            .Function("hard").Entry("hard", ExecContext.Process).Pinned("hard", "inline assembly").Place();
        Assert.Equal(KeptBy.Nothing, Of(placement, "open"));
        Assert.Equal((KeptBy.Context, KeptBy.Context), (Of(placement, "irq"), Of(placement, "deep")));
        Assert.Equal((KeptBy.Exported, KeptBy.Exported), (Of(placement, "given"), Of(placement, "below")));
        Assert.Equal((KeptBy.NoRule, KeptBy.NoRule), (Of(placement, "odd"), Of(placement, "under")));
        Assert.Equal(KeptBy.Unreached, Of(placement, "dead"));
        Assert.Equal(KeptBy.Construct, Of(placement, "hard"));
    }

    [Fact]
    public void A_known_context_is_the_reason_before_an_assumed_one()
    {
        // "a_given" comes before "irq" by name.
        var placement = new SmallDriver()
            .Function("a_given", Call("shared")).Export("a_given")
            .Function("irq", Call("shared")).Entry("irq", ExecContext.HardIrq).Function("shared").Place();
        Assert.Equal(KeptBy.Context, Of(placement, "shared"));
    }
}
