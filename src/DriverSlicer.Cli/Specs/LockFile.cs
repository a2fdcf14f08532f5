// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Specs;

/// <summary>locks.toml: which functions take and give back which kind of lock.</summary>
internal static class LockFile
{
    private static readonly string[] Keys = ["functions", "kind", "step", "argument", "atomic", "why"];

    private static readonly ImmutableSortedDictionary<string, LockKind> Kinds = new Dictionary<string, LockKind>
    {
        ["spin"] = LockKind.Spin,
        ["spin-irq"] = LockKind.SpinIrq,
        ["mutex"] = LockKind.Mutex,
        ["semaphore"] = LockKind.Semaphore,
        ["rcu"] = LockKind.Rcu,
        ["irq-off"] = LockKind.IrqOff,
        ["preempt-off"] = LockKind.PreemptOff,
        ["core"] = LockKind.Core,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static readonly ImmutableSortedDictionary<string, LockStep> Steps = new Dictionary<string, LockStep>
    {
        ["acquire"] = LockStep.Acquire,
        ["release"] = LockStep.Release,
        ["try"] = LockStep.TryAcquire,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static ImmutableArray<LockRule> Read(SpecText text)
    {
        var duplicates = new Duplicates();
        var rules = ImmutableArray.CreateBuilder<LockRule>();
        foreach (var table in text.Rules("lock", Keys))
        {
            var kind = table.Choice("kind", Kinds);
            var step = table.Choice("step", Steps);
            foreach (var name in KernelApiFile.Names(table))
            {
                duplicates.Refuse(name, table.At("functions"));
                rules.Add(new LockRule(name, kind, step, table.Number("argument", -1), table.Flag("atomic")));
            }
        }

        rules.Sort((a, b) => string.CompareOrdinal(a.Function, b.Function));
        return rules.ToImmutable();
    }
}
