// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>What becomes of pointers that leave the closure: passed to functions that are not part of it, or stored.</summary>
internal static class CallEffects
{
    public static void Read(Region region)
    {
        foreach (var edge in region.Flow.Edges)
        {
            if (edge.To.Kind == NodeKind.Param && region.Half.Graph.Function(edge.To.Owner) is { } callee)
            {
                var target = region.Half.TargetOf(callee);
                if (region.Half.Inlines.IsRegisterAccessor(callee) && edge.ToType.IsPointer)
                    region.CheckMapped(edge.From, edge.In, edge.Location);
                else if (target == Target.Local)
                    OnLocal(region, edge, callee);
                else if (target == Target.Downcall)
                    OnDowncall(region, edge, callee);
                if (target == Target.Downcall)
                    BufferEffects.Read(region, edge, callee);
            }
            else if (SlotFacts.SlotOf(edge.To) is { } slot)
            {
                OnStore(region, edge, slot);
            }
        }
    }

    /// <summary>How a function that the user half has itself treats what a parameter points to.</summary>
    public static AccessMode ModeOf(FunctionRule rule, int index, CType parameter)
    {
        var isConst = parameter.Pointee() is { IsConst: true };
        var mode = isConst ? AccessMode.Read
            : rule.Local ? AccessMode.Write : AccessMode.Read | AccessMode.Write;
        if (rule.ReadArgs.Contains(index))
            mode |= AccessMode.Read;
        if (rule.WriteArgs.Contains(index))
            mode |= AccessMode.Write;
        return mode;
    }

    private static void OnLocal(Region region, Edge edge, Function callee)
    {
        if (edge.ToType.IsPointer && edge.To.Index < callee.Parameters.Length && !region.Half.Rule(callee).Out.Contains(edge.To.Index))
            OnTextBehind(region, edge, callee.Parameters[edge.To.Index].Type.Decayed());
        if (!edge.ToType.IsPointer || region.Flow.IsOnStack(edge.From))
            return;
        if (edge.To.Index >= callee.Parameters.Length)
        {
            if (callee.Attributes.Any(a => a.StartsWith("format:", StringComparison.Ordinal)))
                OnPrinted(region, edge, callee);
            else
                OnScanned(region, edge);
            return;
        }

        var parameter = callee.Parameters[edge.To.Index].Type.Decayed();
        var rule = region.Half.Rule(callee);
        // A local function that is given an address without a type, and follows it in its own way, accesses registers.
        if (rule.Opaque.Contains(edge.To.Index) && parameter.IsVoidPointer)
            region.CheckMapped(edge.From, edge.In, edge.Location);
        if (parameter.IsFunctionPointer || rule.Opaque.Contains(edge.To.Index))
            return;
        var mode = ModeOf(rule, edge.To.Index, parameter);
        var size = SizeOf(region, edge, callee);
        var records = edge.Records.From is { } record ? [record] : region.Flow.RecordsAt(edge.From).Select(r => r.Record).ToArray();
        foreach (var one in records)
        {
            if (region.Slots.IsNativeType(one))
                region.CheckMapped(edge.From, edge.In, edge.Location);
            Marker.MarkWhole(region, one, mode, edge.In, edge.Location);
            if (size != -1 && size != region.Records.Find(one)?.Size)
                foreach (var slot in region.Flow.Origins(edge.From).Select(o => SlotFacts.SlotOf(o.Node)).OfType<Slot>())
                    region.Uses.Slot(slot).NoteIndex(edge.In, edge.Location);
        }

        var effect = parameter.IsString() ? Effect.OfString(edge.In, edge.Location)
            : parameter.IsPointerToPointer() ? Effect.OfScalar(parameter.Pointee()!, mode, edge.In, edge.Location)
            : Effect.OfBytes(size == -1 ? edge.FromType.Pointee()?.Size : size, mode, edge.In, edge.Location);
        foreach (var origin in region.Flow.UntypedOrigins(edge.From))
            OriginEffects.On(region, origin, effect);
    }

    /// <summary>The address of a pointer to text, as strsep is given it: the text is read, and cut.</summary>
    private static void OnTextBehind(Region region, Edge edge, CType parameter)
    {
        if (Edges.Behind(edge.In, edge.From, parameter) is not var (variable, pointer) || pointer.Pointee() is not { IsScalar: true })
            return;
        foreach (var origin in region.Flow.UntypedOrigins(region.Flow.Canonical(variable, edge.In)))
            OriginEffects.On(region, origin, Effect.OfBytes(null, AccessMode.Read | AccessMode.Write, edge.In, edge.Location));
    }

    /// <summary>Bytes that a function like memcpy touches, if its last argument says so; -1: as many as its argument points to.</summary>
    private static long? SizeOf(Region region, Edge edge, Function callee)
    {
        if (!callee.Name.Contains("mem", StringComparison.Ordinal))
            return callee.Parameters[edge.To.Index].Type.Pointee() is { IsScalar: true, Kind: not CKind.Char, Size: var one } ? one : null;
        var call = edge.In.Facts.OfType<Call>().FirstOrDefault(c => c.Location == edge.Location && c.Callee == edge.To.Owner);
        return call is { Arguments: [.., { Constant: { } bytes }] } ? bytes : region.Half.Ground.Text.Size(edge.Location);
    }

    private static void OnDowncall(Region region, Edge edge, Function callee)
    {
        if (edge.To.Index >= callee.Parameters.Length)
        {
            OnPrinted(region, edge, callee);
            return;
        }

        if (!edge.ToType.IsPointer)
            OnNumber(region, edge, $"passed to {callee.Name}");
        else if (callee.Parameters[edge.To.Index].Type.Decayed().IsString() && !region.Half.Rule(callee).Buffers.ContainsKey(edge.To.Index))
            OnText(region, edge);
    }

    /// <summary>The text is made in the user half, which so reads strings and bytes that are printed.</summary>
    private static void OnPrinted(Region region, Edge edge, Function callee)
    {
        if (!edge.ToType.IsPointer || edge.FromType.IsFunctionPointer || region.Flow.IsOnStack(edge.From))
            return;
        var format = Format(region, edge, callee);
        if (format == "p" || (format is null && edge.FromType.IsVoidPointer))
            return;
        if (format == "s" || (format is null && edge.FromType.IsCharPointer()))
            OnText(region, edge);
        else if (edge.Records.From is { } record)
            region.Report(Trouble.PrintedRecord, edge.In, edge.Location, $"{callee.Name} may print a {region.Records.Name(record)}");
        else
            foreach (var origin in region.Flow.UntypedOrigins(edge.From))
                OriginEffects.On(region, origin, Effect.OfBytes(Printed(format), AccessMode.Read, edge.In, edge.Location));
    }

    /// <summary>A variable argument of sscanf and its like is where a value goes.</summary>
    private static void OnScanned(Region region, Edge edge)
    {
        var size = edge.FromType.Pointee() is { Kind: not CKind.Char, Size: > 0 and var one } ? one : (long?)null;
        var effect = Effect.OfBytes(size, AccessMode.Read | AccessMode.Write, edge.In, edge.Location);
        foreach (var origin in region.Flow.UntypedOrigins(edge.From))
            OriginEffects.On(region, origin, effect);
        foreach (var (record, offset) in region.Flow.RecordsAt(edge.From))
            OriginEffects.OnRecord(region, record, offset, effect);
    }

    /// <summary>The conversion that prints this argument, or null if the format is not in sight.</summary>
    private static string? Format(Region region, Edge edge, Function callee)
    {
        var call = edge.In.Facts.OfType<Call>().FirstOrDefault(c => c.Location == edge.Location && c.Callee == edge.To.Owner);
        var first = callee.Parameters.Length;
        var conversions = call is null ? null : region.Half.Ground.Text.Conversions(edge.Location, call.Arguments.Length - first);
        return conversions?.ElementAtOrDefault(edge.To.Index - first);
    }

    /// <summary>Bytes behind the pointer that one of the kernel's own conversions prints.</summary>
    private static long? Printed(string? conversion) => conversion switch
    {
        "pM" or "pMR" or "pMF" or "pm" or "pmR" => 6,
        "pI4" or "pi4" => 4,
        "pI6" or "pi6" or "pI6c" => 16,
        "pUb" or "pUB" or "pUl" or "pUL" => 16,
        _ => null,
    };

    private static void OnText(Region region, Edge edge)
    {
        var effect = Effect.OfString(edge.In, edge.Location);
        foreach (var origin in region.Flow.UntypedOrigins(edge.From))
            OriginEffects.On(region, origin, effect);
        foreach (var (record, offset) in region.Flow.RecordsAt(edge.From))
            OriginEffects.OnRecord(region, record, offset, effect);
    }

    private static void OnStore(Region region, Edge edge, Slot slot)
    {
        if (!IsStoreToObject(region, edge, slot))
            return;
        if (!edge.ToType.IsPointer)
        {
            OnNumber(region, edge, $"stored in {OriginEffects.Text(region, slot)}");
            return;
        }

        var origins = region.Flow.Origins(edge.From).Select(o => o.Node.Kind).ToHashSet();
        var name = OriginEffects.Text(region, slot);
        if (origins.Contains(NodeKind.LocalAddress))
            region.Report(Trouble.StackEscape, edge.In, edge.Location, $"the address of a local variable is stored in {name}");
        if (origins.Contains(NodeKind.Literal) && !edge.ToType.IsCharPointer())
            region.Report(Trouble.Literal, edge.In, edge.Location, $"a string literal is stored in {name}, which is no char pointer");
    }

    /// <summary>Stores to variables of the stack have a flow but no access.</summary>
    private static bool IsStoreToObject(Region region, Edge edge, Slot slot) =>
        edge.In.Facts.OfType<Access>().Any(a =>
            a.Mode.HasFlag(AccessMode.Write) && a.Location == edge.Location && a.Base.Kind != NodeKind.LocalAddress
            && !region.Flow.IsOnStack(region.Flow.Canonical(a.Base, edge.In))
            && (slot.Field.Length == 0 ? a.Base.Owner == slot.Owner : a.Path.LastOrDefault(p => !p.StartsWith('[')) == slot.Field));

    /// <summary>As a number a pointer is not translated: the kernel would see the user half's address.</summary>
    private static void OnNumber(Region region, Edge edge, string where)
    {
        if (region.Flow.Origins(edge.From).Any(o => o.Node.Kind is not NodeKind.Constant))
            region.Report(Trouble.PointerAsNumber, edge.In, edge.Location, $"a pointer is {where} as a number");
    }
}
