// SPDX-License-Identifier: GPL-2.0-only
using Xunit;

namespace DriverSlicer.Lab.Tests;

public class VerdictTests
{
    private const string Good = "@@B 1\n@@S load\n@@T ok\n@@M init_ms=1\n@@RC 0";
    private static readonly BootRow Normal = new("x.sh"), Expiry = new("expiry.sh", GuestEnd.Watchdog);

    [Fact]
    public void Exit_code_zero_and_a_silent_kernel_are_good()
    {
        var result = Verdict.Judge([(Normal, Some.Boot(Good, "SHUTDOWN guest-shutdown"))]);
        Assert.True(result.Ok);
        Assert.Equal(["== boot x", "== load", "ok", "== end x: exit code 0"], result.Transcript);
        Assert.Equal(1, result.Metrics["init_ms"]);
    }

    [Fact]
    public void A_report_fails_a_workload_that_succeeded()
    {
        var result = Verdict.Judge([(Normal, Some.Boot(Good + "\nBUG: x", "SHUTDOWN guest-shutdown"))]);
        Assert.False(result.Ok);
        Assert.Equal("x: the kernel reported: BUG: x", result.FailureReason);
    }

    [Fact]
    public void Several_boots_add_their_totals_and_keep_the_longest()
    {
        var result = Verdict.Judge(
        [
            (Normal, Some.Boot("@@M total_x=3\n@@M longest_y=9\n@@M init_ms=1\n" + Good, "SHUTDOWN guest-shutdown")),
            (Normal, Some.Boot("@@M total_x=4\n@@M longest_y=5\n@@M init_ms=2\n" + Good, "SHUTDOWN guest-shutdown")),
        ]);
        Assert.Equal((7, 9, 1), (result.Metrics["total_x"], result.Metrics["longest_y"], result.Metrics["init_ms"]));
    }

    [Fact]
    public void What_a_card_played_is_part_of_the_transcript()
    {
        var heard = Some.Boot(Good, "SHUTDOWN guest-shutdown") with { Heard = ["left: x"] };
        Assert.Equal(["== boot x", "== load", "ok", "== heard", "left: x", "== end x: exit code 0"], Verdict.Judge([(Normal, heard)]).Transcript);
    }

    [Fact]
    public void A_reset_says_in_which_step() =>
        Assert.Equal("x: the guest panicked or reset in step 'load'", Reason(Normal, Some.Boot("@@B 1\n@@S load", "SHUTDOWN guest-reset")));

    [Fact]
    public void A_hang_says_in_which_step() =>
        Assert.Equal("x: the guest did not finish in time (in step 'load')", Reason(Normal, Some.Boot("@@B 1\n@@S load") with { TimedOut = true }));

    [Fact]
    public void Only_the_watchdogs_own_reset_counts_as_expiry()
    {
        var fired = Verdict.Judge([(Expiry, Some.Boot("@@B 1", "WATCHDOG", "SHUTDOWN guest-reset"))]);
        Assert.True(fired.Ok);
        Assert.Equal(1, fired.Metrics["expiry_reset"]);
        Assert.NotNull(Reason(Expiry, Some.Boot("@@B 1", "SHUTDOWN guest-reset")));
    }

    [Fact]
    public void A_watchdog_that_fires_unasked_is_a_failure() =>
        Assert.Equal("x: the watchdog reset the guest in step 'load'", Reason(Normal, Some.Boot("@@B 1\n@@S load", "WATCHDOG", "SHUTDOWN guest-reset")));

    [Fact]
    public void A_panic_that_was_asked_for_is_good_only_if_QEMU_was_told()
    {
        var row = new BootRow("panic.sh", GuestEnd.Panic);
        var console = "@@B 1\n@@S panic\n[    9.1] Kernel panic - not syncing: sysrq triggered crash";
        var told = Verdict.Judge([(row, Some.Boot(console, "GUEST_PANICKED", "SHUTDOWN guest-panic"))]);
        Assert.True(told.Ok, told.FailureReason);
        Assert.Equal(1, told.Metrics["panics_reported"]);
        Assert.Empty(told.KernelReports);
        Assert.Equal("panic: QEMU was told of no panic (reset)", Reason(row, Some.Boot(console, "SHUTDOWN guest-reset")));
        Assert.Equal("panic: the workload failed before the panic", Reason(row, Some.Boot("@@T FAILED: x\n" + console, "GUEST_PANICKED")));
        Assert.Equal(
            "panic: the kernel reported: Kernel panic - not syncing: Fatal exception",
            Reason(row, Some.Boot("@@B 1\nKernel panic - not syncing: Fatal exception", "GUEST_PANICKED")));
    }

    [Fact]
    public void Boots_for_microdrivers_only_are_judged_but_not_compared()
    {
        var result = Verdict.Judge([(Normal with { MicroOnly = true }, Some.Boot("@@B 1\n@@RC 1", "SHUTDOWN guest-shutdown"))]);
        Assert.Empty(result.Transcript);
        Assert.False(result.Ok);
    }

    private static string? Reason(BootRow row, BootOutcome outcome) => Verdict.Judge([(row, outcome)]).FailureReason;
}
