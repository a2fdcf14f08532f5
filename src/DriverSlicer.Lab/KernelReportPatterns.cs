// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace DriverSlicer.Lab;

/// <summary>
/// Tells the lines in which a kernel complains from those in which it only talks. One line per complaint: the headline,
/// not the stack below it. The text is matched without its time stamp.
/// </summary>
public static partial class KernelReportPatterns
{
    /// <summary>What /proc/sysrq-trigger makes of a c.</summary>
    public const string AskedPanic = "Kernel panic - not syncing: sysrq triggered crash";

    public static ImmutableArray<string> Find(IEnumerable<string> consoleLines) =>
        [.. consoleLines.Select(ConsoleLine.Text).Where(IsReport)];

    public static bool IsReport(string line) =>
        !line.StartsWith(ConsoleLine.Mark, StringComparison.Ordinal) && Report().IsMatch(line);

    // WARNING: only at the start of the line: CPU mitigation code says "Spectre V2 : WARNING: ..." on healthy machines.
    // BUG: anywhere: "watchdog: BUG: soft lockup", "BUG kmalloc-64 (...): Objects remaining".
    // DMA-API announces itself at boot; everything else it says is a complaint.
    // segfault, traps: no process of the guest's has any business crashing, least of all the host of a user half.
    // dropped: a log with holes proves nothing.
    [GeneratedRegex("""
        ^WARNING:
        | \bBUG: | ^BUG\ \w
        | \bKASAN:
        | \bUBSAN:
        | ^kmemleak:\ \d+\ new\ suspected | ^kmemleak:\ .*(?:disabled|Cannot)
        | ^DMA-API:\ (?!preallocated|debugging\ (?:en|dis)abled|dma_debug_entry\ pool)
        | ^possible\ (?:circular|recursive)\ locking
        | possible\ (?:circular|recursive)\ locking\ dependency
        | inconsistent\ lock\ state
        | suspicious\ RCU\ usage
        | held\ lock\ freed | lock\ held\ when\ returning\ to\ user\ space
        | bad\ unlock\ balance
        | sleeping\ function\ called\ from\ invalid\ context
        | scheduling\ while\ atomic
        | DEBUG_LOCKS_WARN_ON
        | \bODEBUG:
        | ^INFO:\ task\ .*\ blocked\ for
        | ^(?:rcu:\ )?INFO:\ .*(?:stall|trying\ to\ register\ non-static\ key)
        | \bOops\b | ^general\ protection | ^invalid\ opcode | ^divide\ error | ^stack\ segment | ^double\ fault
        | ^[Uu]nable\ to\ handle
        | Kernel\ panic
        | ^irq\ \d+:\ nobody\ cared | ^Disabling\ IRQ
        | ^unregister_netdevice:\ waiting
        | ^sysfs:\ cannot\ create\ duplicate
        | ^kobject_add_internal\ failed
        | page\ allocation\ failure
        | Trying\ to\ free\ (?:nonexistent|already-free)
        | ^traps:\  | \]:\ segfault\ at\ 
        | printk\ messages\ dropped
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Report();
}
