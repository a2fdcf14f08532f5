// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis;

namespace DriverSlicer.Tests.Plan;

public sealed class CopyCostsTests
{
    [Fact]
    public void Ours_moves_each_way_what_goes_that_way_merged_both_ways_and_deep_all_that_is_reachable()
    {
        var slice = SmallSlice.Of("static int work(void *c) { struct plain *p = c; p->b = 1; return p->a; } const struct kops ops = { .work = work };");
        var upcall = slice.Plan.Upcalls.Single(u => u.Name == "work");
        var costs = CopyCosts.Of(slice.Plan, upcall);
        Assert.Equal((1, 1), (costs.In.Fields, costs.Out.Fields));
        Assert.Equal(costs.In.Bytes + costs.Out.Bytes, costs.Ours.Bytes);
        Assert.Equal(4, costs.Merged.Fields);
        Assert.Equal(2 * costs.Ours.Bytes, costs.Merged.Bytes);
        Assert.True(costs.Deep.Fields >= costs.Merged.Fields, $"{costs.Deep} against {costs.Merged}");
        Assert.True(costs.Deep.Bytes >= costs.Merged.Bytes, $"{costs.Deep} against {costs.Merged}");
    }
}
