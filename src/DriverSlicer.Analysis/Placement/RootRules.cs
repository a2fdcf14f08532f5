// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>What a root's rule means for its half.</summary>
internal static class RootRules
{
    public static bool MustStay(Root root, DeferredRoots deferred) =>
        root.Rule is not { } rule || rule.Hot || (rule.Context != ExecContext.Process && !IsDeferred(root, deferred));

    public static bool IsDeferred(Root root, DeferredRoots deferred) => DeferredRoots.IsDeferrable(root) && deferred.Contains(root.Function.Id);

    /// <summary>Why a deferrable root is not deferred; null for all others.</summary>
    public static string? NotDeferred(Root root, DeferredRoots deferred, SliceAbilities abilities) =>
        !DeferredRoots.IsDeferrable(root) || deferred.Contains(root.Function.Id) ? null
        : !abilities.Deferral ? "deferral is switched off"
        : deferred.Refused.FirstOrDefault(r => r.Root.Function.Id == root.Function.Id).Why;

    public static string Reason(Root root, DeferredRoots deferred, SliceAbilities abilities) => Reasons.OfRoot(root, NotDeferred(root, deferred, abilities));
}
