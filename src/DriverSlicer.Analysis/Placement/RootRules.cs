// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>What a root's rule means for its half.</summary>
internal static class RootRules
{
    public static bool MustStay(Root root, SliceAbilities abilities) =>
        root.Rule is not { } rule || rule.Hot || (rule.Context != ExecContext.Process && !IsDeferred(root, abilities));

    public static bool IsDeferred(Root root, SliceAbilities abilities) =>
        abilities.Deferral && root.Rule is { Deferrable: true, Hot: false } rule && rule.Context != ExecContext.Process;

    public static bool LacksDeferral(Root root, SliceAbilities abilities) =>
        !abilities.Deferral && root.Rule is { Deferrable: true, Hot: false };

    public static string Reason(Root root, SliceAbilities abilities) => Reasons.OfRoot(root, LacksDeferral(root, abilities));
}
