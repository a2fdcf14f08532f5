// SPDX-License-Identifier: GPL-2.0-only
using Xunit;

namespace DriverSlicer.Lab.Tests;

public class LabPlanTests
{
    [Fact]
    public void A_known_driver_brings_its_device_its_helpers_and_its_quirk_and_the_workload_its_back_end()
    {
        var plan = LabPlan.From(Some.Request(), Some.Tables());
        Assert.Equal("nic-model,netdev=net0", plan.Device);
        Assert.Equal(["helper", "sd_mod"], plan.Helpers);
        Assert.Equal(["quirk_module", "answer=42"], plan.Quirk);
    }

    [Fact]
    public void A_back_end_in_the_device_string_stays() =>
        Assert.Equal("x,netdev=mine,mac=1", LabPlan.Connect("x,netdev=mine,mac=1", "net0"));

    [Fact]
    public void Boots_for_microdrivers_are_left_out_natively()
    {
        Assert.Single(LabPlan.From(Some.Request(), Some.Tables()).Row.Boots);
        Assert.Equal(2, LabPlan.From(Some.Request() with { Mode = LabMode.Micro }, Some.Tables()).Row.Boots.Length);
    }

    [Fact]
    public void An_unknown_driver_without_a_device_is_wrong_use() =>
        Assert.Throws<LabUsageException>(() => LabPlan.From(Some.Request() with { Driver = "other" }, Some.Tables()));

    [Theory]
    [InlineData("sound", "not available yet: not written")]
    [InlineData("/no/such/script.sh", "neither a script nor one of net, sound")]
    public void A_workload_that_cannot_run_is_wrong_use(string workload, string says)
    {
        var request = Some.Request() with { Workload = workload };
        Assert.Contains(says, Assert.Throws<LabUsageException>(() => LabPlan.From(request, Some.Tables())).Message);
    }

    [Fact]
    public void The_tables_in_the_checkout_are_consistent()
    {
        var tables = LabTables.Load(LabFolder.Find());
        Assert.All(tables.Devices.Values, d => Assert.True(tables.Workloads.ContainsKey(d.Workload), d.Workload));
        var scripts = tables.Workloads.Values.Where(w => w.Unavailable is null).SelectMany(w => w.Boots).Select(b => b.Script);
        Assert.All(scripts, s => Assert.True(File.Exists(Path.Combine(LabFolder.Find(), "guest", s)), s));
        Assert.All(tables.Workloads.Keys, w => Mask.Load(w));
    }
}
