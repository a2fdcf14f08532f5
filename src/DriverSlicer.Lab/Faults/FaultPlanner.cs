// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Lab.Faults;

/// <summary>
/// The points of a campaign, in an order that depends on the seed alone: first, shuffled, those that must be there (each kind in each entry point, each downcall failing once in
/// each entry point, each hang with the gate closed, twice in a row); then random ones without end. Any beginning of it is a fair sample.
/// </summary>
/// <param name="kinds">those wanted</param>
public sealed class FaultPlanner(FaultProfile profile, ImmutableSortedDictionary<string, FaultTarget> targets, int seed, ImmutableArray<FaultKind> kinds)
{
    private readonly Random _random = new(seed);

    public IEnumerable<FaultPoint> Promised() => Points(promised: true, Enumerated().Where(p => kinds.Contains(FaultKind.Named(p.Kind))));

    public IEnumerable<FaultPoint> NotPromised() => Points(promised: false, []);

    private IEnumerable<FaultPoint> Points(bool promised, IEnumerable<FaultPoint> first)
    {
        var begin = first.Distinct().ToArray();
        _random.Shuffle(begin);
        foreach (var point in begin)
            yield return point;
        var possible = kinds.Where(k => k.Promised == promised && profile.Calls.Any(c => !Steps(c, k).IsEmpty)).ToImmutableArray();
        while (!possible.IsEmpty)
        {
            var kind = Weighted(possible);
            var fits = profile.Calls.Where(c => !Steps(c, kind).IsEmpty).ToImmutableArray();
            // An action with many upcalls is no more likely than one with few.
            var actions = fits.Select(c => c.Action).Distinct().ToImmutableArray();
            var action = Any(actions);
            yield return At(Any([.. fits.Where(c => c.Action == action)]), kind);
        }
    }

    private IEnumerable<FaultPoint> Enumerated()
    {
        var entries = profile.Calls.GroupBy(c => c.Entry).OrderBy(g => g.Key, StringComparer.Ordinal).ToImmutableArray();
        foreach (var kind in FaultKind.All.Where(k => k.Promised && k.Weight > 1 && k.Name != "fail"))
        {
            foreach (var calls in entries.Select(e => e.Where(c => !Steps(c, kind).IsEmpty).ToImmutableArray()).Where(c => !c.IsEmpty))
                yield return At(Any(calls), kind);
        }
        // Slow ones: once per driver and action would take hours.
        foreach (var kind in FaultKind.All.Where(k => k.Promised && k.Weight == 1))
        {
            for (var i = 0; i < 3 && !profile.Calls.IsEmpty; i++)
                yield return At(Any(profile.Calls), kind);
        }
        foreach (var entry in entries)
        {
            foreach (var (call, step, name) in entry.SelectMany(c => Steps(c, FaultKind.Named("fail")).Select(s => (c, s, c.Downcalls[(int)(s / 2)]))).DistinctBy(f => f.Item3))
                yield return new FaultPoint(call.Action, "fail", call.Entry, call.Call, step, 1, targets[name].Failure!.Value);
            yield return At(Any([.. entry]), FaultKind.Named("kill")) with { Times = 2 };
        }
        foreach (var kind in new[] { "kill", "loop", "sleep", "stop", "block", "segv" })
        {
            foreach (var call in entries.Select(e => e.FirstOrDefault(c => Enumerable.Range(0, 2 * c.Downcalls.Length).Any(s => c.Closed((uint)s)))).OfType<RecordedCall>())
            {
                var closed = Enumerable.Range(0, 2 * call.Downcalls.Length).Where(s => call.Closed((uint)s)).ToImmutableArray();
                yield return new FaultPoint(call.Action, kind, call.Entry, call.Call, (uint)Any(closed));
            }
        }
    }

    private FaultPoint At(RecordedCall call, FaultKind kind)
    {
        var step = Any(Steps(call, kind));
        // Class B chooses a place and a value by it, some lies a place.
        var (value, target) = ((ulong)_random.NextInt64(1L << (kind.Promised ? 16 : 40)), "-");
        switch (kind.Place)
        {
            case FaultPlace.Fallible:
                value = targets[call.Downcalls[(int)(step / 2)]].Failure!.Value;
                break;
            case FaultPlace.StalePointer:
                value = 0;
                target = Any([.. Made(t => t.Frees)]).Name;
                break;
            case FaultPlace.WithRelease:
                value = 0;
                target = Any([.. Made(t => t.Releases)]).Name;
                break;
            case FaultPlace.Registers or FaultPlace.Coherent:
                var memory = Any([.. Made(kind.Place == FaultPlace.Registers ? t => t.RegisterBytes >= 0 : t => t.CoherentBytes >= 0)]);
                target = memory.Name;
                value = (value & ~15ul) | (uint)(kind.Place == FaultPlace.Registers ? memory.RegisterBytes : memory.CoherentBytes);
                break;
            default:
                if (kind.Promised && kind.Name is not ("foreign" or "mistyped"))
                    value = 0;
                break;
        }
        return new FaultPoint(call.Action, kind.Name, call.Entry, call.Call, step, 1, value, target);
    }

    private IEnumerable<FaultTarget> Made(Func<FaultTarget, bool> which) =>
        targets.Values.Where(t => which(t) && profile.Calls.Any(c => c.Downcalls.Contains(t.Name)));

    private ImmutableArray<uint> Steps(RecordedCall call, FaultKind kind)
    {
        ImmutableArray<uint> Before(Func<string, bool> which, uint offset = 0) =>
            [.. call.Downcalls.Select((name, i) => (name, i)).Where(d => which(d.name)).Select(d => (uint)((2 * d.i) + 1) + offset)];
        bool Is(string name, Func<FaultTarget, bool> which) => targets.TryGetValue(name, out var target) && which(target);
        ImmutableArray<uint> everywhere = [.. Enumerable.Range(0, (2 * call.Downcalls.Length) + 1).Select(s => (uint)s), FaultPoint.End];
        return kind.Place switch
        {
            FaultPlace.Anywhere => everywhere,
            FaultPlace.WithRelease => Made(t => t.Releases).Any() ? everywhere : [],
            FaultPlace.Pointer => Before(n => Is(n, t => t.TakesPointer)),
            FaultPlace.StalePointer => Made(t => t.Frees).Any() ? Before(n => Is(n, t => t.TakesPointer)) : [],
            FaultPlace.Fallible => Before(n => Is(n, t => t.Failure is not null)),
            FaultPlace.Pair => Before(n => Is(n, t => t.Acquires || t.Releases), kind.Name == "again" ? 1u : 0),
            FaultPlace.GateOpen => Before(n => n == "gate-open"),
            FaultPlace.Scalar => Before(n => Is(n, t => t.TakesNumber)),
            FaultPlace.Registers => Made(t => t.RegisterBytes >= 0).Any() ? everywhere : [],
            FaultPlace.Coherent => Made(t => t.CoherentBytes >= 0).Any() ? everywhere : [],
            _ => [],
        };
    }

    private T Any<T>(ImmutableArray<T> from) => from[_random.Next(from.Length)];

    private FaultKind Weighted(ImmutableArray<FaultKind> among)
    {
        var left = _random.Next(among.Sum(k => k.Weight));
        return among.First(k => (left -= k.Weight) < 0);
    }
}
