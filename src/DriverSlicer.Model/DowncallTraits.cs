// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Model;

/// <summary>What is to be known of a downcall beside its parameters, in the words of the manifest and of the report.</summary>
public static class DowncallTraits
{
    public static IEnumerable<string> Of(Downcall downcall)
    {
        if (downcall.IsRelease)
            yield return "release";
        foreach (var pair in downcall.Acquires)
            yield return $"undone by {pair.Release}";
        foreach (var (holds, words) in Flags(downcall))
            if (holds)
                yield return words;
    }

    private static (bool Holds, string Words)[] Flags(Downcall downcall) =>
    [
        (downcall.Shipped, "in the caller's task"),
        (downcall.Settles, "with the gate open"),
        (downcall.Locks, "through the gate"),
        (downcall.Consumes, "consumes"),
        (downcall.Step, "once in a teardown"),
        (downcall.Late is not null, "later if a field names it"),
        (downcall.Pure, "pure"),
        (!downcall.Needed.IsEmpty, $"not NULL: {string.Join(" ", downcall.Needed.Select(i => i + 1))}"),
        (downcall.UndoOnly, "only by the undo log"),
        (downcall.Atomic, "with a spinlock held as well"),
    ];
}
