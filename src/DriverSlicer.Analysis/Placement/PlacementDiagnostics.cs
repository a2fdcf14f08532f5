// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>What the user should know of the placement, and can do about it.</summary>
internal static class PlacementDiagnostics
{
    public static ImmutableArray<Diagnostic> Of(
        ImmutableArray<Root> roots, ImmutableArray<Function> own, DeferredRoots deferred, SliceAbilities abilities,
        KernelHalf kernel, ImmutableArray<LockPin> lockPins, ImmutableArray<EntryRule> known) =>
    [
        .. roots.Where(r => r.Kind == RootKind.Unknown).Select(r => UnknownRoot(r, known))
            .Concat(roots.Where(r => r.Kind == RootKind.Exported).Select(Exported))
            .Concat(roots.Where(r => !abilities.Deferral && DeferredRoots.IsDeferrable(r)).Select(NotBuilt))
            .Concat(deferred.Refused.Select(r => NotDeferred(r.Root, r.Why)))
            .Concat(lockPins.Where(p => !p.IsOutlined).DistinctBy(p => (p.Function.Id, p.Region.Lock.Text)).Select(ByLock))
            .Concat(own.Where(f => kernel.Why(f.Id)?.Reason == Reasons.OfUnreached).Select(Unreached))
            .Distinct()
            .OrderBy(d => d.Location.File, StringComparer.Ordinal).ThenBy(d => d.Location.Line).ThenBy(d => d.Location.Column)
            .ThenBy(d => d.Id, StringComparer.Ordinal).ThenBy(d => d.Message, StringComparer.Ordinal),
    ];

    private static Diagnostic UnknownRoot(Root root, ImmutableArray<EntryRule> known) => new(
        "DS0401", Severity.Warning, root.Location,
        $"no rule says in which context the kernel calls {root.Function.Name} as {root.Key}: it stays in the kernel half with all that it reaches",
        $"find out, and add for this driver alone to slice.toml, under [functions]: {Promises.Line(root.Function.Name)}; "
            + $"or, for all drivers, {LinesToPaste.Entry(root.Key, known)}");

    private static Diagnostic Exported(Root root) => new(
        "DS0402", Severity.Note, root.Location,
        $"{root.Function.Name} is exported to other modules: it stays in the kernel half with all that it reaches",
        "slice the modules that call it together with this one");

    private static Diagnostic NotBuilt(Root root) => new(
        "DS0403", Severity.Note, root.Location,
        $"{root.Function.Name} ({root.Key}) could be deferred to a process; deferral is switched off, so it stays in the kernel half",
        "nothing to do");

    private static Diagnostic NotDeferred(Root root, string why) => new(
        "DS0406", Severity.Note, root.Location, $"{root.Function.Name} ({root.Key}) could be deferred to a process, but {why}: it stays in the kernel half",
        root.Rule!.Defer is null
            ? "find out which lock the caller holds for it, and add to its line in specs/entry-points.toml: "
                + "defer = { hold = \"...\", unhold = \"...\", excludes = [\"struct NAME.member\"] }, or {} if none"
            : "nothing to do");

    private static Diagnostic ByLock(LockPin pin) => new(
        "DS0404", Severity.Note, pin.Region.Location,
        $"{pin.Function.Name} stays in the kernel half for {pin.Region.Lock.Text}: {pin.Why}",
        $"'driverslicer explain DRIVER {pin.Function.Name}' shows what would move it");

    private static Diagnostic Unreached(Function function) => new(
        "DS0405", Severity.Note, function.Location,
        $"nothing reaches {function.Name}: it stays in the kernel half, since its context is not known",
        "if the kernel calls it, add a rule for the place that holds it to specs/entry-points.toml");
}
