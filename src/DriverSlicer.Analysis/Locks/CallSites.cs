// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>Index of each call among its function's facts. Two calls may be equal as records, so identity counts.</summary>
internal static class CallSites
{
    public static Dictionary<Call, int> Of(Function function)
    {
        var sites = new Dictionary<Call, int>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < function.Facts.Length; i++)
            if (function.Facts[i] is Call call)
                sites[call] = i;
        return sites;
    }
}
