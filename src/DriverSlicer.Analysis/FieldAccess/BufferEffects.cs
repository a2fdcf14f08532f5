// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>
/// Bytes that a downcall uses behind a pointer. In an object the kernel works on its own copy, so nothing has to be written back; but the
/// runtime lets it write only to bytes that travel, what it wrote must be seen, and memory behind a stored pointer must have been found.
/// All of that is what a read needs.
/// </summary>
internal static class BufferEffects
{
    public static void Read(Region region, Edge edge, Function callee)
    {
        if (edge.To.Index >= callee.Parameters.Length)
            return;
        var type = callee.Parameters[edge.To.Index].Type.Decayed();
        if (!IsBuffer(region, callee, edge.To.Index, type) || region.Flow.IsOnStack(edge.From))
            return;
        // Const memory the runtime does not guard: that the object is known will do.
        var isWritten = type.Pointee() is not { IsConst: true };
        if (type.RecordBehind() is { } plain)
        {
            if (isWritten && !region.Slots.IsNativeType(plain))
                MarkBytes(region, plain, edge);
            return;
        }

        var effect = Effect.OfBytes(SizeOf(region, callee, edge.To.Index, type), AccessMode.Read, edge.In, edge.Location);
        foreach (var origin in region.Flow.UntypedOrigins(edge.From))
            OnOrigin(region, origin, isWritten, effect);
        if (isWritten)
            foreach (var (record, offset) in region.Flow.RecordsAt(edge.From))
                OriginEffects.OnRecord(region, record, offset, effect);
    }

    private static void OnOrigin(Region region, Origin origin, bool isWritten, Effect effect)
    {
        switch (origin.Node.Kind)
        {
            case NodeKind.FieldAddress or NodeKind.GlobalAddress when !isWritten:
            case NodeKind.Temp:
            case NodeKind.Field or NodeKind.Global when region.Slots.IsOwnMemory(SlotFacts.SlotOf(origin.Node)!.Value, region.Half.Functions):
                // Results are allocations, which the runtime knows to their last byte, or have been refused.
                break;
            default:
                OriginEffects.On(region, origin, effect);
                break;
        }
    }

    private static bool IsBuffer(Region region, Function callee, int index, CType type)
    {
        var rule = region.Half.Rule(callee);
        return type.IsPointer && !rule.Opaque.Contains(index)
            && (rule.Buffers.ContainsKey(index) || (!type.IsString() && (type.IsPointerToScalar() || IsPlainRecord(region, callee, index, type))));
    }

    /// <summary>Some caller has it on its stack, so it is copied as bytes.</summary>
    private static bool IsPlainRecord(Region region, Function callee, int index, CType type) =>
        type.RecordBehind() is { } record && region.Records.IsObject(record) && !region.Records.HasPointers(record)
        && region.Slots.IsPassedOnStack(callee, index);

    private static long? SizeOf(Region region, Function callee, int index, CType type) =>
        region.Half.Rule(callee).Buffers.TryGetValue(index, out var size) && size != $"sizeof(*a{index})"
            ? long.TryParse(size, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var bytes) ? bytes : null
            : type.Pointee() is { Size: > 0 } pointee ? pointee.Size : null;

    /// <summary>One run of bytes: the runtime looks for a single row that holds the buffer.</summary>
    private static void MarkBytes(Region region, string record, Edge edge)
    {
        var size = region.Records.Find(record)!.Size;
        var use = Uses.Of(region.Uses.Records, record, Place.Whole(new CType(CKind.Array, size, $"unsigned char[{size}]", Count: size)));
        use.In = true;
        use.Readers.TryAdd(edge.In.Id, edge.Location);
    }
}
