// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Analysis;

/// <summary>What slice.toml asks for and cannot have soundly: an error with the reason, never another answer in silence.</summary>
internal static class UnmetChoices
{
    public static IEnumerable<Diagnostic> Of(PlacementResult placement, SliceChoices choices, DriverModel model) =>
        choices.Functions.Where(c => c.Half == Half.User)
            .SelectMany(c => placement.Functions.Where(p => p.Name == c.Name && p.Half == Half.Kernel).Select(p => Function(c, p)))
            .Concat(choices.Locks.SelectMany(l => placement.Locks.Where(a => a.Name == l.Name && a.Answer != l.Answer && !IsKept(l, a) && !IsCutOut(l, a, model)).Select(a => Lock(l, a))));

    /// <summary>Nothing of the user half takes it: there it is pinned, whatever it is called.</summary>
    private static bool IsKept(LockLine line, LockAnswer answer) => line.Answer == LockChoice.Pin && answer.Answer == LockChoice.Local;

    /// <summary>Where it could be: another taker stays for the lock, and DS0404 or DS0407 says so.</summary>
    private static bool IsCutOut(LockLine line, LockAnswer answer, DriverModel model) =>
        line.Answer == LockChoice.Outline && answer.Answer == LockChoice.Pin && model.Outlined.Any(o => answer.Takers.Contains(o.Name));

    private static Diagnostic Function(FunctionChoice choice, Placed placed) => new(
        "DS0802", Severity.Error, choice.Location, $"{choice.Name} must stay in the kernel half: {placed.Reason}",
        placed.Reason.Contains("a place without a rule", StringComparison.Ordinal) && choice.Promise is null && placed.Path.Length == 1
            ? $"if you know in which context it is called, write: {Promises.Line(choice.Name)}"
            : $"remove the line; 'driverslicer explain DRIVER {choice.Name}' says what would have to change");

    private static Diagnostic Lock(LockLine line, LockAnswer answer) => new(
        "DS0802", Severity.Error, line.Location,
        $"{line.Name} cannot be answered by {line.Answer.ToString().ToLowerInvariant()}; its answer is {answer.Answer.ToString().ToLowerInvariant()}: {answer.Reason}",
        "remove the line, or write the answer that it can have");
}
