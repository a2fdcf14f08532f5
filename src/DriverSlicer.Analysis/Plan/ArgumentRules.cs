// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>
/// What each argument of one downcall is, by prototype first: scalar, object, string, function; untyped pointers and pointers to scalars by
/// rule, else by what the callers pass. A caller that passes what has no sound answer gets the problem.
/// </summary>
internal sealed class ArgumentRules(
    UserHalf half, SlotFacts slots, Uses uses, Function callee, ImmutableArray<Site> sites, ImmutableArray<Problem>.Builder problems)
{
    private readonly FunctionRule rule = half.Rule(callee);

    public ParameterDraft Of(CType type, int index)
    {
        if (rule.Buffers.TryGetValue(index, out var size))
            return Ruled(type, index, size);
        if (rule.Opaque.Contains(index))
            return new ParameterDraft(DownParameterKind.Opaque, type);
        if (!type.IsPointer)
            return Scalar(type);
        if (type.IsFunctionPointer)
            return new ParameterDraft(DownParameterKind.Function, type);
        if (type.RecordBehind() is { } record)
            return OfRecord(type, index, record);
        if (type.IsString())
            return new ParameterDraft(MustKeep(index) ? DownParameterKind.StringKept : DownParameterKind.String, type);
        if (type.IsVoidPointer)
            return Untyped(type, index);
        return type.IsPointerToPointer() ? ToPointer(type, index) : ToScalar(type, index);
    }

    public void Everywhere(Trouble trouble, string message)
    {
        foreach (var site in sites)
            Report(trouble, site, message);
    }

    private void Report(Trouble trouble, Site site, string message, string? next = null) =>
        problems.Add(new Problem(trouble, site.Caller.Id, site.Call.Location, message) { Next = next });

    /// <summary>
    /// The callee may hold on to a string. Copies of constants are kept in any case, since there are only so many; of others if the rule says
    /// so, if there is none, or if it is a function of the driver, which may put it anywhere.
    /// </summary>
    private bool MustKeep(int index) =>
        rule.Keeps.Contains(index) || callee.Origin == FunctionOrigin.Driver || !half.Inlines.HasRule(callee) || (sites.Length > 0 && sites.All(s => IsConstant(s, index)));

    private bool IsConstant(Site site, int index) =>
        OriginsOf(site, index).ToArray() is { Length: > 0 } origins
        && origins.All(o => o.Node is { Kind: NodeKind.Literal } or { Kind: NodeKind.Constant, Field: "" }
            || (o.Node.Kind == NodeKind.GlobalAddress && half.Global(o.Node.Owner) is { IsConst: true }));

    private ParameterDraft Buffer(CType type, int index, string size) => new(
        DownParameterKind.Buffer, type, Size: size, In: !rule.Out.Contains(index), Out: type.Pointee() is not { IsConst: true });

    /// <summary>Bytes of the stack are copied as they are, so no pointer may be among them.</summary>
    private ParameterDraft Ruled(CType type, int index, string size)
    {
        bool HasPointers(Origin origin) =>
            origin.Node.Kind == NodeKind.LocalAddress && LocalSizes.TypeOf(uses.Flow, origin) is { } local && half.Records.HasPointers(local);

        foreach (var site in sites)
            if (OriginsOf(site, index).Any(HasPointers))
                Report(Trouble.LocalAddress, site, $"{callee.Name} is given bytes of the stack that hold pointers");
        return Buffer(type, index, size);
    }

    private ParameterDraft Scalar(CType type)
    {
        var fits = type.IsScalar ? type.Size <= 8 : type.Kind == CKind.Record && type.Size is > 0 and <= 8 && !half.Records.HasPointers(type);
        if (!fits)
            Everywhere(Trouble.Prototype, $"{callee.Name} takes a {type.Spelling} by value");
        return new ParameterDraft(DownParameterKind.Scalar, type);
    }

    private ParameterDraft OfRecord(CType type, int index, string record)
    {
        var onStack = sites.Where(s => OriginsOf(s, index).Any(o => o.Node.Kind == NodeKind.LocalAddress)).ToArray();
        if (!half.Records.IsObject(record) || slots.IsNativeType(record))
        {
            foreach (var site in onStack)
                Report(Trouble.LocalAddress, site, $"{callee.Name} is given the address of a {half.Records.Name(record)} on the stack, which elsewhere is one in mapped memory, or has no definition");
            return new ParameterDraft(DownParameterKind.Opaque, type);
        }

        if (onStack.Length > 0 && !half.Records.HasPointers(record))
            // Plain data: copied there and back. In an object it is still that object.
            return Buffer(type, index, half.Records.Find(record)!.Size.ToString(CultureInfo.InvariantCulture));
        foreach (var site in onStack)
            Report(
                Trouble.LocalAddress, site,
                $"{callee.Name} is given the address of a {half.Records.Name(record)} on the stack, which holds pointers");
        foreach (var site in sites.Where(s => s.Argument(index)?.Node is { } node && slots.Mapped.MappersOf(node, s.Caller).Count > 0))
            Report(Trouble.Unmapped, site, $"{callee.Name} is given a {half.Records.Name(record)} that lies in mapped memory");
        return half.Records.Find(record)!.Spelling.Length == 0
            ? new ParameterDraft(DownParameterKind.Opaque, type)
            : new ParameterDraft(DownParameterKind.Object, type, record);
    }

    private ParameterDraft Untyped(CType type, int index)
    {
        foreach (var site in sites)
        {
            var kinds = OriginsOf(site, index).Select(o => o.Node.Kind).ToHashSet();
            if (kinds.Contains(NodeKind.LocalAddress))
                Report(Trouble.LocalAddress, site, $"{callee.Name} is given the address of a local variable as {type.Spelling}", BufferLine(index));
            else if (kinds.Contains(NodeKind.Literal))
                Report(Trouble.UnknownSize, site, $"{callee.Name} is given a string literal as {type.Spelling}", BufferLine(index));
            // It may lead anywhere, an application's memory included.
            else if (callee.Origin == FunctionOrigin.Extern && !half.Inlines.HasRule(callee) && OriginsOf(site, index).Any(IsUntypedParameter))
                Report(Trouble.UnknownSize, site, $"{callee.Name} is given a {type.Spelling} that the kernel passed in, and no rule says what is behind it", BufferLine(index));
        }

        return new ParameterDraft(DownParameterKind.Opaque, type);
    }

    private bool IsUntypedParameter(Origin origin) =>
        origin.Node.Kind == NodeKind.Param && half.Graph.Function(origin.Node.Owner) is { } function && origin.Node.Index < function.Parameters.Length
        && function.Parameters[origin.Node.Index].Type.Decayed().RecordBehind() is null;

    /// <summary>
    /// The address of a pointer that lies in an object is that object's business: the kernel sets its own copy. A pointer on the stack
    /// is set by the handler, if the rule says that the function does no more than that.
    /// </summary>
    private ParameterDraft ToPointer(CType type, int index)
    {
        var target = type.Pointee()!;
        if (rule.Out.Contains(index) && !target.IsFunctionPointer && (target.RecordBehind() is not null || target.IsVoidPointer) && sites.Length > 0
            && sites.All(s => OriginsOf(s, index).ToArray() is { Length: > 0 } origins && origins.All(o => o.Node.Kind == NodeKind.LocalAddress)))
            return new ParameterDraft(DownParameterKind.OutPointer, type, half.Records.IsNamedObject(target.RecordBehind()) ? target.RecordBehind() : null);
        foreach (var site in sites)
            if (OriginsOf(site, index).Any(o => o.Node is not ({ Kind: NodeKind.FieldAddress } or { Kind: NodeKind.Constant, Field: "" })))
                Report(Trouble.PointerToPointer, site, $"{callee.Name} is given a pointer to pointers ({type.Spelling})", LinesToPaste.Opaque(callee, index, half.Inlines.HasRule(callee)));
        return new ParameterDraft(DownParameterKind.Opaque, type);
    }

    private ParameterDraft ToScalar(CType type, int index)
    {
        // Where a literal will do, nothing is written; and it ends with a NUL.
        if (type.IsCharPointer() && sites.Length > 0 && sites.All(s => IsLiteral(s, index)))
            return new ParameterDraft(DownParameterKind.StringKept, type);
        var unit = Math.Max(type.Pointee()?.Size ?? 0, 1);
        var sizes = new SortedDictionary<long, List<Site>>();
        foreach (var site in sites)
        {
            if (StorageAt(site, index, unit) is not { } size)
                Report(Trouble.UnknownSize, site, $"how many bytes {callee.Name} uses behind argument {index + 1} ({type.Spelling}) is not known", BufferLine(index));
            else if (sizes.TryGetValue(size, out var same))
                same.Add(site);
            else
                sizes[size] = [site];
        }

        // 0: any size will do there. Callers with more room than others may count on more being used.
        var sized = sizes.Where(s => s.Key > 0).ToArray();
        foreach (var site in sized.Skip(1).SelectMany(s => s.Value))
            Report(Trouble.UnknownSize, site, $"callers of {callee.Name} pass buffers of several sizes as argument {index + 1}", BufferLine(index));
        var bytes = sized.Length > 0 ? sized[0].Key : unit;
        return Buffer(type, index, bytes.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// Bytes that the callee can use at most: of a local variable its size; 0 for a member of an object, where the kernel works in place;
    /// null if not known.
    /// </summary>
    private long? StorageAt(Site site, int index, int unit)
    {
        if (site.Argument(index) is { Form: ArgumentForm.AddressOfLocal, LocalType: { Size: > 0 } part })
            return part.Kind == CKind.Record ? null : part.Size >= unit ? part.Size : null;
        long size = 0;
        foreach (var origin in OriginsOf(site, index))
        {
            var room = origin.Node.Kind switch
            {
                NodeKind.Constant when origin.Node.Field.Length == 0 => 0,
                NodeKind.FieldAddress or NodeKind.GlobalAddress => 0,
                NodeKind.LocalAddress => LocalSizes.Of(uses.Flow, origin, unit),
                _ => null,
            };
            if (room is null || (room > 0 && size > 0 && room != size))
                return null;
            size = Math.Max(size, room.Value);
        }

        return size == 0 || size >= unit ? size : null;
    }

    private bool IsLiteral(Site site, int index) =>
        OriginsOf(site, index).ToArray() is { Length: > 0 } origins
        && origins.All(o => o.Node is { Kind: NodeKind.Literal } or { Kind: NodeKind.Constant, Field: "" });

    private string? BufferLine(int index) => LinesToPaste.Buffer(callee, index, half.Inlines.HasRule(callee));

    private IEnumerable<Origin> OriginsOf(Site site, int index) =>
        site.Argument(index)?.Node is { } node ? uses.Flow.Origins(uses.Flow.Canonical(node, site.Caller)) : [];
}
