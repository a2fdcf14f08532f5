// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>How arguments and result of an entry point pass, and what it gets if its process dies.</summary>
internal sealed class EntryRules(UserHalf half, SlotFacts slots, Uses uses)
{
    /// <summary>A pass whose type still goes by record id.</summary>
    public readonly record struct Draft(PassKind Kind, int Size, string? Record = null);

    public static IEnumerable<Problem> Problems(UserHalf half, Function entry)
    {
        Problem Report(string message) => new(Trouble.EntryParameter, entry.Id, entry.Location, message);
        if (entry.IsVariadic)
            yield return Report($"entry point {entry.Name} takes a variable number of arguments");
        if (entry.Parameters.Length > DowncallRules.ArgumentsMax)
            yield return Report($"entry point {entry.Name} takes more than {DowncallRules.ArgumentsMax} arguments");
        foreach (var parameter in entry.Parameters.Where(p => !Fits(half, p.Type.Decayed())))
            yield return Report($"entry point {entry.Name} takes a {parameter.Type.Spelling} by value");
        if (entry.Result.Kind != CKind.Void && !entry.Result.IsPointer && (!entry.Result.IsScalar || entry.Result.Size > 8))
            yield return Report($"entry point {entry.Name} returns a {entry.Result.Spelling} by value");
    }

    public Draft OfParameter(Function entry, int index)
    {
        var type = entry.Parameters[index].Type.Decayed();
        if (!type.IsVoidPointer)
            return Of(type);
        var seen = uses.Reveals[new Node(NodeKind.Param, entry.Id, "", index)].Select(r => r.Record).Distinct().Where(IsNamed).ToArray();
        return seen.Length == 1 ? new Draft(PassKind.Object, 8, seen[0]) : new Draft(PassKind.Any, 8);
    }

    public Draft OfResult(Function entry) =>
        entry.Result.Kind == CKind.Void ? new Draft(PassKind.Void, 0)
        : entry.Result.IsVoidPointer ? new Draft(PassKind.Any, 8) : Of(entry.Result);

    /// <summary>The rule of all places that hold it; where they differ, the caller gets an error, which is always right.</summary>
    public static DeathRule OnDeath(CallGraph graph, KernelSpecs specs, Function entry)
    {
        var keys = graph.Stored.Where(s => s.Function == entry.Id).Select(s => s.Key).Distinct().ToArray();
        var rules = keys.Select(k => specs.Entries.FirstOrDefault(e => e.Key == k)?.OnDeath ?? DeathRule.Fail).Distinct().ToArray();
        return rules is [var only] ? only : DeathRule.Fail;
    }

    private Draft Of(CType type)
    {
        if (!type.IsPointer)
            return new Draft(PassKind.Scalar, type.Size);
        if (type.IsFunctionPointer)
            return new Draft(PassKind.Func, 8);
        if (type.RecordBehind() is { } record)
            return IsNamed(record) && !slots.IsNativeType(record) ? new Draft(PassKind.Object, 8, record) : new Draft(PassKind.Opaque, 8);
        return new Draft(type.IsString() ? PassKind.String : PassKind.Opaque, 8);
    }

    private bool IsNamed(string record) => half.Records.IsObject(record) && half.Records.Find(record)!.Spelling.Length > 0;

    private static bool Fits(UserHalf half, CType type) =>
        type.IsPointer || (type.IsScalar && type.Size <= 8)
        || (type.Kind == CKind.Record && type.Size is > 0 and <= 8 && !half.Records.HasPointers(type));
}
