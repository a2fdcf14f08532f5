// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>What a downcall gives back.</summary>
internal static class ResultRules
{
    public static ResultDraft Of(
        UserHalf half, Uses uses, Function callee, ImmutableArray<Site> sites, ImmutableArray<Problem>.Builder problems)
    {
        var (type, rule) = (callee.Result, half.Rule(callee));
        if (type.Kind == CKind.Void)
            return new ResultDraft(DownResultKind.Void, type);
        if (rule.AllocSize is { } bytes)
            return new ResultDraft(
                DownResultKind.Allocation, type, type.RecordBehind() is { } fixedType && Named(half, fixedType) ? fixedType : null, bytes,
                rule.AllocZeroed, rule.AllocDevice, rule.Coherent);
        if (rule.Coherent)
        {
            foreach (var site in sites)
                problems.Add(new Problem(
                    Trouble.Unmapped, site.Caller.Id, site.Call.Location,
                    $"{callee.Name} allocates memory that the device writes to, of a size that it does not tell"));
            return new ResultDraft(DownResultKind.Opaque, type);
        }

        if (rule.MmioSize is { } window)
            return new ResultDraft(DownResultKind.Mmio, type, Size: window, Device: rule.AllocDevice);
        if (!type.IsPointer)
        {
            if (!type.IsScalar || type.Size > 8)
                foreach (var site in sites)
                    problems.Add(new Problem(
                        Trouble.Prototype, site.Caller.Id, site.Call.Location, $"{callee.Name} returns a {type.Spelling} by value"));
            return new ResultDraft(DownResultKind.Scalar, type);
        }

        if (half.Records.Behind(type) is { } record)
            return Named(half, record) ? new ResultDraft(DownResultKind.Object, type, record) : new ResultDraft(DownResultKind.Opaque, type);
        if (type.IsString())
            return new ResultDraft(DownResultKind.String, type);
        return type.IsVoidPointer ? Untyped(half, uses, callee, sites, problems) : new ResultDraft(DownResultKind.Opaque, type);
    }

    /// <summary>An untyped result is what its callers see in it, if all see the same.</summary>
    private static ResultDraft Untyped(
        UserHalf half, Uses uses, Function callee, ImmutableArray<Site> sites, ImmutableArray<Problem>.Builder problems)
    {
        var views = sites.Where(s => s.Call.Result is not null).SelectMany(s => uses.Reveals[s.Call.Result!].Select(r => (Site: s, r.Record))).ToArray();
        var records = views.Select(v => v.Record).Distinct().ToArray();
        if (records.Length == 1 && Named(half, records[0]))
            return new ResultDraft(DownResultKind.Object, callee.Result, records[0]);
        foreach (var site in views.Select(v => v.Site).Distinct())
            problems.Add(new Problem(
                Trouble.UnknownResult, site.Caller.Id, site.Call.Location,
                $"the result of {callee.Name} is used as several records, or as one without a name"));
        return new ResultDraft(DownResultKind.Opaque, callee.Result);
    }

    private static bool Named(UserHalf half, string record) =>
        half.Records.IsObject(record) && half.Records.Find(record)!.Spelling.Length > 0;
}
