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
    public readonly record struct Draft(PassKind Kind, int Size, string? Record = null, string? Length = null, bool In = false, bool Out = false);

    public IEnumerable<Problem> Problems(Function entry)
    {
        Problem Report(string message) => new(Trouble.EntryParameter, entry.Id, entry.Location, message);
        Problem OfUnknownLength(int i, string message) => Report(message) with { Next = LengthLine(entry, i) };
        if (entry.IsVariadic)
            yield return Report($"entry point {entry.Name} takes a variable number of arguments");
        if (entry.Parameters.Length + Enumerable.Range(0, entry.Parameters.Length).Count(i => IsArray(entry, i)) > DowncallRules.ArgumentsMax)
            yield return Report($"entry point {entry.Name} takes more than {DowncallRules.ArgumentsMax} arguments");
        if (entry.Result.Kind != CKind.Void && !entry.Result.IsPointer && (!entry.Result.IsScalar || entry.Result.Size > 8))
            yield return Report($"entry point {entry.Name} returns a {entry.Result.Spelling} by value");
        for (var i = 0; i < entry.Parameters.Length; i++)
        {
            var (parameter, name) = (entry.Parameters[i], OriginEffects.Name(entry.Parameters[i], i));
            if (!Fits(parameter.Type.Decayed()))
                yield return Report($"entry point {entry.Name} takes a {parameter.Type.Spelling} by value");
            var use = UseOf(entry, i);
            if (use is not null && !IsString(parameter.Type.Decayed(), use) && !IsArray(entry, i) && BlockOf(entry, i, use) is null)
                yield return OfUnknownLength(i, $"parameter {name} of entry point {entry.Name} points to {parameter.Type.Decayed().Pointee()?.Spelling} of unknown number");
            if (use is null && IsIndexed(entry, i) && !IsArray(entry, i))
                yield return OfUnknownLength(i, $"parameter {name} of entry point {entry.Name} points to an array of unknown length");
            if (use is not null && Seen(entry, i).Length > 0)
                yield return Report($"parameter {name} of entry point {entry.Name} is used as a record and as bytes");
        }
    }

    /// <summary>What to add where; null if it is the driver's own kernel half that calls it.</summary>
    private string? LengthLine(Function entry, int index) => Keys(half.Graph, entry).ToArray() is { Length: > 0 } keys
        ? $"if the interface promises how many elements there are, add to the line of {string.Join(" and of ", keys)} in specs/entry-points.toml: "
            + string.Create(CultureInfo.InvariantCulture, $"arrays = {{ {index} = \"C expression over a0, a1, ...\" }}")
        : null;

    /// <summary>Blocks of bytes that arguments lead to.</summary>
    public IEnumerable<(string Record, MemoryUse Use)> Blocks(Function entry) =>
        from i in Enumerable.Range(0, entry.Parameters.Length)
        let use = UseOf(entry, i)
        where use is not null && !IsString(entry.Parameters[i].Type.Decayed(), use) && !IsArray(entry, i) && BlockOf(entry, i, use) is not null
        select (BlockOf(entry, i, use)!, use);

    public Draft OfParameter(Function entry, int index)
    {
        var type = entry.Parameters[index].Type.Decayed();
        if (IsArray(entry, index))
            return ArrayOf(entry, index);
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

    public static bool HoldsRtnl(UserHalf half, Function entry) => IsAlways(half, entry, r => r.HoldsRtnl);

    public static bool Binds(UserHalf half, Function entry) => IsAlways(half, entry, r => r.Binds);

    /// <summary>In every place that holds it; and the kernel half, which may call it in another way, does not.</summary>
    private static bool IsAlways(UserHalf half, Function entry, Func<EntryRule, bool> holds)
    {
        var rules = Keys(half.Graph, entry).Select(k => half.Specs.Entries.FirstOrDefault(e => e.Key == k)).ToArray();
        return rules.Length > 0 && rules.All(r => r is not null && holds(r))
            && half.Graph.In(entry.Id).All(e => half.Functions.Contains(e.Caller.Id) || e.Caller.Origin is not (FunctionOrigin.Driver or FunctionOrigin.Macro));
    }

    /// <summary>Some place that holds it runs it as the body of a thread.</summary>
    public static bool IsEndless(CallGraph graph, KernelSpecs specs, Function entry) =>
        Keys(graph, entry).Any(k => specs.Entries.FirstOrDefault(e => e.Key == k) is { Endless: true });

    private static IEnumerable<string> Keys(CallGraph graph, Function entry) =>
        graph.Stored.Where(s => s.Function == entry.Id).Select(s => s.Key).Distinct();

    private MemoryUse? UseOf(Function entry, int index) => uses.Parameters.GetValueOrDefault(new Node(NodeKind.Param, entry.Id, "", index));

    private string[] Seen(Function entry, int index) =>
    [
        .. uses.Reveals[new Node(NodeKind.Param, entry.Id, "", index)].Select(r => r.Record).Distinct().Where(half.Records.IsNamedObject),
    ];

    private static bool IsString(CType type, MemoryUse use) =>
        type.IsCharPointer() && !use.BytesWritten && (type.IsString() || (use.IsString && !use.BytesRead));

    private bool IsIndexed(Function entry, int index) => uses.IndexedParameters.Contains(new Node(NodeKind.Param, entry.Id, "", index));

    /// <summary>Neither type nor use tells how long it is, but the interface does when it calls.</summary>
    private bool IsArray(Function entry, int index)
    {
        var type = entry.Parameters[index].Type.Decayed();
        if (LengthOf(entry, index) is null)
            return false;
        if (UseOf(entry, index) is { } use)
            return (type.IsPointerToScalar() || type.IsVoidPointer) && !IsString(type, use) && BlockOf(entry, index, use) is null;
        return IsIndexed(entry, index) && type.RecordBehind() is { } record && half.Records.IsNamedObject(record) && !slots.IsNativeType(record);
    }

    private Draft ArrayOf(Function entry, int index)
    {
        var type = entry.Parameters[index].Type.Decayed();
        var bytes = type.Pointee() is { Size: > 1 and var size }
            ? string.Create(CultureInfo.InvariantCulture, $"(u64)({LengthOf(entry, index)}) * {size}") : $"(u64)({LengthOf(entry, index)})";
        return UseOf(entry, index) is { } use
            ? new Draft(PassKind.Array, 8, null, bytes, use.BytesRead || use.IsString, use.BytesWritten)
            : new Draft(PassKind.Array, 8, type.RecordBehind(), bytes);
    }

    /// <summary>
    /// How many elements the interface promises: in every place that holds the function, in the same words. What the driver's own kernel half
    /// passes when it calls the function is nobody's promise.
    /// </summary>
    private string? LengthOf(Function entry, int index)
    {
        var lengths = Keys(half.Graph, entry)
            .Select(k => half.Specs.Entries.FirstOrDefault(e => e.Key == k)?.Arrays.GetValueOrDefault(index)).Distinct().ToArray();
        return lengths is [{ } length] && !half.Graph.In(entry.Id).Any(e => !half.IsWalked(e.Caller)) ? length : null;
    }

    /// <summary>The bytes that are used, if they are at constant places, or as many as the interface promises at every place that holds the function.</summary>
    private string? BlockOf(Function entry, int index, MemoryUse use)
    {
        if (FieldKinds.IsBlock(use))
            return ByteBlock.Id(use.Extent!.Value);
        var element = Math.Max(entry.Parameters[index].Type.Decayed().Pointee()?.Size ?? 0, 1);
        return Length(LengthOf(entry, index)) * element is { } length and > 0 and <= ByteBlock.Max ? ByteBlock.Id(length) : null;
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
