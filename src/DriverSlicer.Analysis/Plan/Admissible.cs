// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>
/// What the driver's own code can pass where its prototype says less: the kernel half believes nothing else. A process that was taken over
/// knows the downcalls, and a prototype alone would let it free another object, or make an address of a number.
///
/// NULL in place of an object is for those who say so: the kernel function (specs/, <c>[[null]]</c>), or a call of the driver's that names
/// NULL. A function of the driver may ask first what it was given, and a string, a buffer or a cookie that comes from a field or a module
/// parameter is often left out: of those only what is an address anyway is refused.
/// </summary>
internal sealed class Admissible(UserHalf half, SlotFacts slots, Uses uses, Function callee, ImmutableArray<Site> sites)
{
    /// <summary>Must it lead somewhere?</summary>
    public bool IsNeeded(ParameterDraft parameter, int index)
    {
        if (parameter.Kind is DownParameterKind.Scalar or DownParameterKind.Format or DownParameterKind.OutPointer || !parameter.Type.IsPointer
            || half.Specs.TakesNull(callee.Name, index) || sites.IsEmpty)
            return false;
        var origins = Origins(index);
        var isObject = parameter.Kind == DownParameterKind.Object && callee.Origin != FunctionOrigin.Driver;
        return sites.All(s => Known(s, index))
            && !origins.Any(o => o.Node.Kind == NodeKind.Constant || (!isObject && !IsAddress(o.Node)));
    }

    /// <summary>An error in place of a pointer is for those who ask (specs/, <c>[[error]]</c>).</summary>
    public bool IsError(ParameterDraft parameter, int index) =>
        parameter.Kind is DownParameterKind.Object or DownParameterKind.Opaque && parameter.Type.IsPointer && half.Specs.TakesErrors(callee.Name, index);

    /// <summary>Some call passes a number, or something of which nothing is known, or what a field holds that takes those.</summary>
    public bool IsCookie(ParameterDraft parameter, int index) =>
        parameter.Kind == DownParameterKind.Opaque
        && (!parameter.Type.IsPointer || sites.Any(s => !Known(s, index)) || Origins(index).Any(TakesNumbers));

    private bool TakesNumbers(Origin origin) =>
        origin.Node is { Kind: NodeKind.Constant, Field.Length: > 0 } || (SlotFacts.SlotOf(origin.Node) is { } slot && IsOwn(slot) && slots.TakesNumbers(slot));

    /// <summary>A field of the kernel's that the driver only reads is no number for that.</summary>
    private bool IsOwn(Slot slot) => slot.Field.Length == 0 || half.Records.Find(slot.Owner) is { InDriver: true };

    /// <summary>The records that an untyped pointer is one of, or none if it can be anything.</summary>
    public ImmutableArray<string> Records(ParameterDraft parameter, int index)
    {
        if (parameter.Kind != DownParameterKind.Opaque || !parameter.Type.IsVoidPointer || sites.IsEmpty)
            return [];
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var site in sites)
        {
            if (site.Argument(index) is not { Node: { } node } argument)
                return [];
            var type = argument.Type.Decayed();
            if (type.RecordBehind() is { } record)
                found.Add(record);
            else if (uses.Flow.Origins(uses.Flow.Canonical(node, site.Caller)).ToArray() is { Length: > 0 } origins && origins.All(IsNull))
                continue;
            else
                return [];
        }

        return found.All(r => half.Records.IsNamedObject(r) && !half.Slots.IsNativeType(r)) ? [.. found] : [];
    }

    /// <summary>The functions that a pointer to one can name.</summary>
    public ImmutableArray<string> Functions(ParameterDraft parameter, int index) => parameter.Kind != DownParameterKind.Function
        ? []
        : FunctionSets.Of(half, sites.All(s => Known(s, index)) ? Origins(index).Select(o => o.Node) : null, parameter.Type);

    private static bool IsNull(Origin origin) => origin.Node is { Kind: NodeKind.Constant, Field: "" };

    private static bool IsAddress(Node node) => node.Kind is NodeKind.FieldAddress or NodeKind.GlobalAddress or NodeKind.LocalAddress
        or NodeKind.FunctionAddress or NodeKind.Literal;

    private bool Known(Site site, int index) => OriginsOf(site, index).Any();

    private Origin[] Origins(int index) => [.. sites.SelectMany(s => OriginsOf(s, index))];

    private IEnumerable<Origin> OriginsOf(Site site, int index) => site.Argument(index) switch
    {
        { Form: ArgumentForm.StringLiteral } => [new Origin(new Node(NodeKind.Literal), 0)],
        { Form: ArgumentForm.AddressOfLocal } => [new Origin(new Node(NodeKind.LocalAddress), 0)],
        { Form: ArgumentForm.Function, Function: { } function } => [new Origin(new Node(NodeKind.FunctionAddress, function), 0)],
        { Node: { } node } => uses.Flow.Origins(uses.Flow.Canonical(node, site.Caller)),
        _ => [],
    };
}
