// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

internal sealed record LockVerdict(LockChoice Choice, string Why)
{
    /// <summary>The taker was made of such a region, and is where it belongs.</summary>
    public OutlinedRegion? Outlined { get; init; }
}

/// <summary>Design section 3 for one held region of a user-half function, given the kernel half as it stands.</summary>
internal sealed class LockJudge(
    CallGraph graph, LockRegions regions, LockReach reach, GateView gate, KernelHalf kernel, SliceAbilities abilities, SliceChoices choices)
{
    /// <summary>A header inline that takes a lock is performed in the kernel, whoever calls it.</summary>
    private readonly HeldRegion[] others = [.. graph.Model.Functions
        .Where(f => f.Origin is FunctionOrigin.Driver or FunctionOrigin.HeaderInline).SelectMany(f => regions.In(f.Id))];

    public LockVerdict Judge(HeldRegion region)
    {
        var forced = choices.Locks.FirstOrDefault(l => l.Name == region.Lock.Text);
        if (forced is { Answer: LockChoice.Pin } && graph.Model.OutlinedAs(region.Function) is null)
            return new LockVerdict(LockChoice.Pin, Says(forced));
        var kernelTaker = others.FirstOrDefault(r => r.MayHold(region.Lock.Text, region.Rule.AtomicWhileHeld)
            && (r.Function.Origin == FunctionOrigin.HeaderInline || kernel.Contains(r.Function.Id)))?.Function;
        if (!region.Rule.AtomicWhileHeld)
            return kernelTaker is null && reach.Outsider(region.Lock) is null
                ? new LockVerdict(LockChoice.Local, "only the user half takes it")
                : new LockVerdict(LockChoice.Sleeping, "a sleeping lock: taken in the kernel on behalf of the user half");

        var obstacle = reach.Outsider(region.Lock);
        if (obstacle is null && kernelTaker is null)
        {
            // With a gate all spinlocks of the user half go by it, so what must not happen inside must not happen here either.
            return abilities.Gate && Inside(region) is { } mishap
                ? new LockVerdict(LockChoice.Pin, mishap)
                : new LockVerdict(LockChoice.Local, "only the user half takes it");
        }

        obstacle ??= forced is { Answer: LockChoice.Outline } ? Says(forced) : GateObstacle(region, kernelTaker!);
        if (obstacle is null)
            return new LockVerdict(LockChoice.Gate, $"{kernelTaker!.Name} takes it in the kernel half, which waits outside the gate");
        if (graph.Model.OutlinedAs(region.Function) is { } outlined)
            return new LockVerdict(LockChoice.Pin, obstacle) { Outlined = outlined };
        return OutlineObstacle(region) is not { } second
            ? new LockVerdict(LockChoice.Outline, $"no gate ({obstacle}); the locked region calls nothing of the user half")
            : new LockVerdict(LockChoice.Pin, $"{obstacle}; {second}");
    }

    private static string Says(LockLine line) => $"slice.toml asks for {line.Answer.ToString().ToLowerInvariant()} (line {line.Location.Line})";

    private string? GateObstacle(HeldRegion region, Function kernelTaker)
    {
        var shared = $"{kernelTaker.Name} takes it in the kernel half";
        if (regions.TriedIn(region.Function).Any(l => l.Text == region.Lock.Text || l.Text == LockName.Unknown))
            return $"{shared}, and a trylock cannot wait for the gate";
        if (!abilities.Gate)
            return $"{shared}, and the gate that could answer it is switched off";
        return (gate.Obstacle(region.Lock.Text) ?? Inside(region)) is { } why ? $"{shared}, and {why}" : null;
    }

    /// <summary>What the region does that nobody may do who holds the gate.</summary>
    private string? Inside(HeldRegion region) =>
        RegionCalls.ReachedUser(graph, kernel, region, onlyThroughKernel: true) is { } upcalled ? $"an upcall to {upcalled} would run inside the gate"
        : RegionCalls.Reached(graph, region, gate.Settles) is { } settles ? $"{settles} would wait inside the gate for those outside"
        : null;

    private string? OutlineObstacle(HeldRegion region)
    {
        if (!abilities.Outline)
            return "the region was not outlined";
        if (region.End == region.Function.Facts.Length)
            return "it is still held on return, so there is no region to outline";
        return RegionCalls.ReachedUser(graph, kernel, region, onlyThroughKernel: false) is { } called
            ? $"the region calls {called}, which is in the user half"
            : null;
    }
}
