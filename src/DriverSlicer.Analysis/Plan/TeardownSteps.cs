// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>
/// Which downcalls a teardown that is run again must not make again. Of most kernel functions nothing is known: a second class_destroy() is a
/// reference count below zero, a second list_del() a crash. So all are steps but those that are known to do no harm (specs/: pure,
/// repeatable, locks), those whose result or bytes in or out are more than words that could be compared, or given again, what the undo log keeps, and releases that are
/// noted anyway. A function of the driver's that stays, or an inline that is one downcall, does no harm if it only looks.
/// </summary>
internal sealed class TeardownSteps(UserHalf half, TrackedPairs pairs)
{
    private readonly HashSet<string> acquires = [.. pairs.Pairs.Concat(pairs.Passing).Concat(pairs.Locks).Select(p => p.Acquire)];
    private readonly Dictionary<string, LockRule> locks = half.Specs.Locks.GroupBy(l => l.Function).ToDictionary(g => g.Key, g => g.First());

    public bool Has(DowncallDraft draft, Downcall downcall)
    {
        if (draft.Sites.IsEmpty || draft.Result.Kind is not (DownResultKind.Void or DownResultKind.Scalar) || draft.Result.Type.IsPointer
            || draft.Parameters.Where((p, i) => HasOutput(draft, p, i)).Any() || draft.Parameters.Any(p => p is { Kind: DownParameterKind.Buffer, In: true, Out: false }))
            return false;
        return draft.Kind == DowncallKind.Driver
            ? !OnlyLooks(draft.Function)
            : downcall is { Consumes: false, Pure: false, Unlocks: false } && !acquires.Contains(downcall.Name) && !locks.ContainsKey(downcall.Name)
                && !half.Rule(draft.Function).Repeatable && (draft.Kind != DowncallKind.Inline || !OnlyLooks(draft.Function));
    }

    /// <summary>In the process's own memory, which died with it; what lies in an object the kernel has.</summary>
    private static bool HasOutput(DowncallDraft draft, ParameterDraft parameter, int index) => parameter.Kind == DownParameterKind.OutPointer
        || (parameter is { Kind: DownParameterKind.Buffer, Out: true } && !draft.Sites.All(s => s.Argument(index) is { Form: ArgumentForm.AddressOfField }));

    private bool OnlyLooks(Function function)
    {
        var work = new Queue<Function>([function]);
        HashSet<string> seen = [function.Id];
        while (work.TryDequeue(out var current))
        {
            if (current.Body is null || !current.Facts.All(Looks))
                return false;
            foreach (var callee in current.Facts.OfType<Call>().SelectMany(half.Callees).Where(f => !IsHarmless(f) && seen.Add(f.Id)))
                work.Enqueue(callee);
        }

        return true;
    }

    private bool Looks(Fact fact) => fact switch
    {
        Access access => (access.Mode & AccessMode.Write) == 0 || access.Base.Kind == NodeKind.LocalAddress,
        Flow flow => flow.To.Kind is not (NodeKind.Field or NodeKind.Global or NodeKind.Deref),
        AsmFact asm => Inlines.IsHarmless(asm),
        // One through a pointer that cannot be followed may be anything.
        Call call => half.Callees(call).Any(),
        _ => false,
    };

    /// <summary>A spinlock is taken and given back in one piece; a sleeping one may be kept for the caller.</summary>
    private bool IsHarmless(Function function) =>
        half.Rule(function) is { Pure: true } or { Repeatable: true } or { Local: true } or { Inline: "local" } || Inlines.IsCompilers(function)
        || (locks.GetValueOrDefault(function.Name) is { AtomicWhileHeld: true });
}
