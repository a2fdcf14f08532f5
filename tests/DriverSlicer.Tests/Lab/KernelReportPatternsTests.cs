// SPDX-License-Identifier: GPL-2.0-only
using Xunit;

namespace DriverSlicer.Lab.Tests;

public class KernelReportPatternsTests
{
    [Theory]
    [InlineData("WARNING: CPU: 0 PID: 1 at kernel/irq/manage.c:2004 free_irq+0x1/0x2")]
    [InlineData("WARNING: possible circular locking dependency detected")]
    [InlineData("WARNING: possible recursive locking detected")]
    [InlineData("WARNING: inconsistent lock state")]
    [InlineData("WARNING: suspicious RCU usage")]
    [InlineData("WARNING: held lock freed!")]
    [InlineData("BUG: KASAN: use-after-free in foo+0x1/0x2")]
    [InlineData("BUG: sleeping function called from invalid context at mm/slab.h:1")]
    [InlineData("BUG: scheduling while atomic: insmod/1/0x2")]
    [InlineData("BUG: unable to handle page fault for address: ffff")]
    [InlineData("BUG kmalloc-64 (Not tainted): Poison overwritten")]
    [InlineData("watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [x:1]")]
    [InlineData("UBSAN: array-index-out-of-bounds in x.c:1:2")]
    [InlineData("Oops: 0000 [#1] PREEMPT SMP")]
    [InlineData("general protection fault, probably for non-canonical address 0x1: 0000 [#1]")]
    [InlineData("invalid opcode: 0000 [#1] PREEMPT SMP")]
    [InlineData("INFO: task rmmod:1 blocked for more than 120 seconds.")]
    [InlineData("rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:")]
    [InlineData("kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)")]
    [InlineData("DMA-API: e1000 0000:00:02.0: device driver has pending DMA allocations while released from device")]
    [InlineData("Kernel panic - not syncing: Fatal exception")]
    [InlineData("irq 11: nobody cared (try booting with the \"irqpoll\" option)")]
    [InlineData("host[77]: segfault at 8 ip 1 sp 2 error 4 in host[1+2]")]
    [InlineData("traps: host[77] general protection fault ip:1 sp:2 error:0")]
    [InlineData("** 12 printk messages dropped **")]
    public void A_complaint_is_found(string line) => Assert.Equal([line], KernelReportPatterns.Find(["[    1.0] " + line]));

    [Theory]
    [InlineData("Spectre V2 : WARNING: Unprivileged eBPF is enabled")]
    [InlineData("DMA-API: preallocated 65536 debug entries")]
    [InlineData("DMA-API: debugging enabled by kernel config")]
    [InlineData("kmemleak: Kernel memory leak detector initialized (mem pool available: 14417)")]
    [InlineData("rcu: \tRCU lockdep checking is enabled.")]
    [InlineData("kasan: KernelAddressSanitizer initialized")]
    [InlineData("watchdog: watchdog0: watchdog did not stop!")]
    [InlineData("@@T ok: BUG: and WARNING: in a transcript are only words")]
    public void Talk_is_not(string line) => Assert.Empty(KernelReportPatterns.Find(["[    1.0] " + line]));
}
