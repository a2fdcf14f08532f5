// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>How arguments and result of an entry point pass, and what its caller gets if the process dies.</summary>
internal sealed class EntryRules(UserHalf half, SlotFacts slots, Uses uses)
{
    /// <summary>A pass whose type still goes by record id.</summary>
    public readonly record struct Draft(PassKind Kind, int Size, string? Record = null);

    public IEnumerable<Problem> Problems(Function entry)
    {
        Problem Report(string message) => new(Trouble.EntryParameter, entry.Id, entry.Location, message);
        if (entry.IsVariadic)
            yield return Report($"entry point {entry.Name} takes a variable number of arguments");
        if (entry.Parameters.Length > DowncallRules.ArgumentsMax)
            yield return Report($"entry point {entry.Name} takes more than {DowncallRules.ArgumentsMax} arguments");
        if (entry.Result.Kind != CKind.Void && !entry.Result.IsPointer && (!entry.Result.IsScalar || entry.Result.Size > 8))
            yield return Report($"entry point {entry.Name} returns a {entry.Result.Spelling} by value");
        for (var i = 0; i < entry.Parameters.Length; i++)
        {
            var (parameter, name) = (entry.Parameters[i], OriginEffects.Name(entry.Parameters[i], i));
            if (!Fits(parameter.Type.Decayed()))
                yield return Report($"entry point {entry.Name} takes a {parameter.Type.Spelling} by value");
            var use = UseOf(entry, i);
            if (use is not null && !IsString(parameter.Type.Decayed(), use) && BlockOf(entry, i, use) is null)
                yield return Report($"parameter {name} of entry point {entry.Name} points to {parameter.Type.Decayed().Pointee()?.Spelling} of unknown number");
            if (use is not null && Seen(entry, i).Length > 0)
                yield return Report($"parameter {name} of entry point {entry.Name} is used as a record and as bytes");
        }
    }

    /// <summary>Blocks of bytes that arguments lead to.</summary>
    public IEnumerable<(string Record, MemoryUse Use)> Blocks(Function entry) =>
        from i in Enumerable.Range(0, entry.Parameters.Length)
        let use = UseOf(entry, i)
        where use is not null && !IsString(entry.Parameters[i].Type.Decayed(), use) && BlockOf(entry, i, use) is not null
        select (BlockOf(entry, i, use)!, use);

    public Draft OfParameter(Function entry, int index)
    {
        var type = entry.Parameters[index].Type.Decayed();
        if (UseOf(entry, index) is { } use)
            return IsString(type, use) ? new Draft(PassKind.String, 8) : new Draft(PassKind.Object, 8, BlockOf(entry, index, use));
        if (!type.IsVoidPointer)
            return Of(type);
        var seen = Seen(entry, index);
        return seen.Length == 1 ? new Draft(PassKind.Object, 8, seen[0]) : new Draft(PassKind.Any, 8);
    }

    public Draft OfResult(Function entry) =>
        entry.Result.Kind == CKind.Void ? new Draft(PassKind.Void, 0)
        : entry.Result.IsVoidPointer ? new Draft(PassKind.Any, 8) : Of(entry.Result);

    /// <summary>The rule of all places that hold it; where they differ, the caller gets an error, which is always right.</summary>
    public static DeathRule OnDeath(CallGraph graph, KernelSpecs specs, Function entry)
    {
        var rules = Keys(graph, entry).Select(k => specs.Entries.FirstOrDefault(e => e.Key == k)?.OnDeath ?? DeathRule.Fail).Distinct().ToArray();
        return rules is [var only] ? only : DeathRule.Fail;
    }

    private static IEnumerable<string> Keys(CallGraph graph, Function entry) =>
        graph.Stored.Where(s => s.Function == entry.Id).Select(s => s.Key).Distinct();

    private MemoryUse? UseOf(Function entry, int index) => uses.Parameters.GetValueOrDefault(new Node(NodeKind.Param, entry.Id, "", index));

    private string[] Seen(Function entry, int index) =>
    [
        .. uses.Reveals[new Node(NodeKind.Param, entry.Id, "", index)].Select(r => r.Record).Distinct().Where(half.Records.IsNamedObject),
    ];

    private static bool IsString(CType type, MemoryUse use) =>
        type.IsCharPointer() && !use.BytesWritten && (type.IsString() || (use.IsString && !use.BytesRead));

    /// <summary>The bytes that are used, if they are at constant places, or as many as the interface promises at every place that holds the function.</summary>
    private string? BlockOf(Function entry, int index, MemoryUse use)
    {
        if (FieldKinds.IsBlock(use))
            return ByteBlock.Id(use.Extent!.Value);
        var element = Math.Max(entry.Parameters[index].Type.Decayed().Pointee()?.Size ?? 0, 1);
        var lengths = Keys(half.Graph, entry)
            .Select(k => half.Specs.Entries.FirstOrDefault(e => e.Key == k)?.Arrays.GetValueOrDefault(index)).Select(Length).Distinct().ToArray();
        var isCalled = half.Graph.In(entry.Id).Any(e => !half.IsWalked(e.Caller));
        return lengths is [{ } length] && !isCalled && length * element is > 0 and <= ByteBlock.Max ? ByteBlock.Id(length * element) : null;
    }

    private static long? Length(string? expression) =>
        expression == "PAGE_SIZE" ? 4096
        : long.TryParse(expression, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private Draft Of(CType type)
    {
        if (!type.IsPointer)
            return new Draft(PassKind.Scalar, type.Size);
        if (type.IsFunctionPointer)
            return new Draft(PassKind.Func, 8);
        if (type.RecordBehind() is { } record)
            return half.Records.IsNamedObject(record) && !slots.IsNativeType(record) ? new Draft(PassKind.Object, 8, record) : new Draft(PassKind.Opaque, 8);
        return new Draft(type.IsString() ? PassKind.String : PassKind.Opaque, 8);
    }

    private bool Fits(CType type) =>
        type.IsPointer || (type.IsScalar && type.Size <= 8)
        || (type.Kind == CKind.Record && type.Size is > 0 and <= 8 && !half.Records.HasPointers(type));
}
