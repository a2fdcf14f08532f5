// SPDX-License-Identifier: GPL-2.0-only
using System.Text.RegularExpressions;
using DriverSlicer.Cli.Specs;
using DriverSlicer.Model;
using Xunit;

namespace DriverSlicer.Tests.Specs;

/// <summary>The specifications that ship.</summary>
public class RepositorySpecsTests
{
    private static readonly KernelSpecs Specs = SpecReader.Read(Path.Combine(Checkout.Root, "specs"));

    [Theory]
    [InlineData("struct pci_driver.probe", ExecContext.Process)]
    [InlineData("struct watchdog_ops.start", ExecContext.Process)]
    [InlineData("request_threaded_irq#1", ExecContext.HardIrq)]
    [InlineData("request_threaded_irq#2", ExecContext.Process)]
    [InlineData("netif_napi_add_weight#2", ExecContext.SoftIrq)]
    [InlineData("INIT_WORK#1", ExecContext.Process)]
    [InlineData("macro#init", ExecContext.Process)]
    public void Common_entries_have_their_context(string key, ExecContext context) => Assert.Equal(context, Rule(key).Context);

    // In a process of its own each of these asks the wrong task; the one for threads reads what only a kernel thread has.
    [Theory]
    [InlineData("kthread_should_stop")]
    [InlineData("kthread_parkme")]
    [InlineData("inode_owner_or_capable")]
    [InlineData("in_group_p")]
    [InlineData("override_creds")]
    [InlineData("do_exit")]
    [InlineData("down_write_killable")]
    [InlineData("mutex_lock_interruptible_nested")]
    public void What_asks_the_calling_task_runs_in_it(string function) => Assert.True(Specs.Functions.Single(f => f.Name == function).Shipped);

    // Each of these has been taken for process context by somebody.
    [Theory]
    [InlineData("struct watchdog_ops.restart")]
    [InlineData("struct notifier_block.notifier_call")]
    [InlineData("struct hc_driver.hub_status_data")]
    [InlineData("struct hc_driver.urb_enqueue")]
    [InlineData("struct net_device_ops.ndo_get_stats")]
    [InlineData("struct net_device_ops.ndo_get_stats64")]
    [InlineData("struct net_device_ops.ndo_set_rx_mode")]
    [InlineData("struct net_device_ops.ndo_change_rx_flags")]
    [InlineData("struct net_device_ops.ndo_bridge_getlink")]
    [InlineData("struct net_device_ops.ndo_tx_timeout")]
    [InlineData("struct snd_pcm_ops.trigger")]
    [InlineData("struct snd_pcm_ops.pointer")]
    [InlineData("struct input_dev.event")]
    [InlineData("struct input_dev.setkeycode")]
    [InlineData("struct led_classdev.brightness_set")]
    [InlineData("struct mii_if_info.mdio_read")]
    [InlineData("struct device.release")]
    [InlineData("struct irq_affinity_notify.release")]
    [InlineData("device_for_each_child#2")]
    [InlineData("struct scsi_host_template.target_destroy")]
    [InlineData("struct dcbnl_rtnl_ops.getdcbx")]
    [InlineData("struct cfg80211_ops.crit_proto_stop")]
    [InlineData("struct ieee80211_ops.prepare_multicast")]
    [InlineData("struct snd_soc_dai_ops.mute_stream")]
    [InlineData("struct dvb_ca_en50221.read_cam_control")]
    [InlineData("struct v4l2_subdev_video_ops.s_rx_buffer")]
    [InlineData("struct spi_controller.unprepare_message")]
    [InlineData("struct cpufreq_driver.get")]
    [InlineData("struct mtd_info._block_isbad")]
    [InlineData("struct nand_controller_ops.exec_op")]
    [InlineData("struct comedi_subdevice.cancel")]
    [InlineData("struct ata_port_operations.scr_read")]
    [InlineData("struct drm_crtc_funcs.gamma_set")]
    [InlineData("struct fb_ops.fb_check_var")]
    [InlineData("struct mii_timestamper.ts_info")]
    [InlineData("struct driver_info.check_connect")]
    public void Quiet_entries_are_not_process_only(string key) => Assert.NotEqual(ExecContext.Process, Rule(key).Context);

    [Fact]
    public void Runtime_power_management_is_process_context_only_without_irq_safe() =>
        Assert.All(
            Specs.Entries.Where(e => e.Key.StartsWith("struct dev_pm_ops.runtime_", StringComparison.Ordinal)),
            e => Assert.Equal("pm_runtime_irq_safe", e.UnlessCalls));

    [Fact]
    public void Every_entry_says_why() => Assert.DoesNotContain(Specs.Entries, e => e.Why.Trim().Length < 4);

    [Fact]
    public void Only_operations_that_can_be_repeated_are_retried() =>
        Assert.All(
            Specs.Entries.Where(e => e.OnDeath == DeathRule.Retry),
            e => Assert.True(e.Why.Contains("idempotent") || e.Why.Contains("reads only"), e.Key));

    [Fact]
    public void Every_lock_that_can_be_taken_can_be_given_back()
    {
        foreach (var kind in Specs.Locks.GroupBy(l => l.Kind))
            Assert.True(kind.Any(l => l.Step == LockStep.Acquire) && kind.Any(l => l.Step == LockStep.Release), kind.Key.ToString());
    }

    [Fact]
    public void Releases_do_not_acquire() => Assert.Empty(Specs.Pairs.Select(p => p.Release).Intersect(Specs.Pairs.Select(p => p.Acquire)));

    [Fact]
    public void What_is_local_is_neither_allocation_nor_window_nor_pin() =>
        Assert.DoesNotContain(Specs.Functions, f => f.Local && (f.AllocSize ?? f.MmioSize ?? f.Pin ?? f.Inline) is not null);

    [Fact]
    public void What_is_pure_ends_nothing_waits_for_nothing_and_changes_no_shared_word()
    {
        Assert.DoesNotContain(Specs.Functions, f => f.Pure && (f.Consumes || f.Settles || f.Frees >= 0 || f.WriteArgs.Length > 0));
        Assert.All(["set_bit", "atomic_inc", "outb", "pci_write_config_word", "netif_stop_queue"], name => Assert.DoesNotContain(Specs.Functions, f => f.Pure && f.Name == name));
    }

    [Fact]
    public void What_is_repeatable_gives_nothing_back_and_uses_nothing_up()
    {
        var releases = Specs.Pairs.Where(p => !p.Lock).Select(p => p.Release).ToHashSet();
        Assert.DoesNotContain(Specs.Functions, f => f.Repeatable && (f.Pure || f.Consumes || f.Frees >= 0 || f.AllocSize is not null || releases.Contains(f.Name)));
        Assert.All(["wait_for_completion", "disable_irq", "atomic_dec_and_test"], name => Assert.DoesNotContain(Specs.Functions, f => f.Repeatable && f.Name == name));
    }

    [Fact]
    public void Who_takes_an_error_pointer_does_not_end_an_object_that_the_runtime_knows() =>
        Assert.DoesNotContain(Specs.Functions, f => f.Frees >= 0 && Specs.TakesErrors(f.Name, f.Frees));

    // Build-time checks are declared and never called; the C library's mem and str families are linked in. Locks between u-threads
    // (_raw_spin_lock and its kin) are owed: a driver that needs them does not link.
    [Fact]
    public void What_is_local_is_there_in_the_user_half()
    {
        var sources = string.Concat(new[] { "md_local.c", "md_text.c", "md_shims.h", "md_names.h", "md_user.c" }.Select(f => File.ReadAllText(Path.Combine(Checkout.Root, "user", f))));
        var words = sources.Split([.. sources.Where(c => !char.IsAsciiLetterOrDigit(c) && c != '_').Distinct()]).ToHashSet();
        var missing = Specs.Functions.Where(f => f.Local).Select(f => f.Name)
            .Where(n => !words.Contains(n) && !words.Contains(n.Replace("__real_", "", StringComparison.Ordinal)))
            .Where(n => !CLibrary.Contains(n.Replace("__real_", "", StringComparison.Ordinal).TrimStart('_')) && !Absent.Any(n.Contains));
        Assert.Empty(missing);
    }

    // Around a function of a driver's header all of them are put and taken away again.
    [Fact]
    public void Names_of_the_user_half_are_put_and_taken_away()
    {
        var user = Path.Combine(Checkout.Root, "user");
        var names = Regex.Matches(File.ReadAllText(Path.Combine(user, "md_names.h")), @"^#undef (\w+)", RegexOptions.Multiline).Select(m => m.Groups[1].Value);
        var told = Regex.Matches(File.ReadAllText(Path.Combine(user, "md_names_push.h")), @"\bx\((\w+)\)").Select(m => m.Groups[1].Value);
        Assert.NotEmpty(told);
        Assert.Equal(names.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_replaces_a_result_when_contended_needs_an_action_that_gives_none() =>
        Assert.All(Specs.Entries.Where(e => e.ContendedResult is not null), e => Assert.Null(Specs.Contended.Single(a => a.Name == e.Contended).Result));

    [Fact]
    public void Excluded_entries_exist_and_are_contended() =>
        Assert.All(Specs.Entries.SelectMany(e => e.Defer?.Excludes ?? []), key => Assert.NotNull(Rule(key).Contended));

    [Fact]
    public void Macro_shims_declare_their_parameters_in_order() =>
        Assert.All(Specs.Macros, m => Assert.Contains("a0", m.Prototype));

    private static readonly HashSet<string> CLibrary =
    [
        "bcmp", "memchr", "memcmp", "memcpy", "memmove", "memset", "strcasecmp", "strcat", "strchr", "strchrnul", "strcmp", "strcpy", "strcspn",
        "strlen", "strncasecmp", "strncat", "strncmp", "strncpy", "strnlen", "strpbrk", "strrchr", "strsep", "strspn", "strstr",
    ];

    private static readonly string[] Absent = ["_raw_", "__bad_", "_overflow", "resched", "might_fault", "lockdep_", "stack_chk_fail"];

    private static EntryRule Rule(string key) => Specs.Entries.Single(e => e.Key == key);
}
