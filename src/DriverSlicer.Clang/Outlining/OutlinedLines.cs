// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Clang.Outlining;

/// <summary>Gives what was read of outlined functions the places that they have in the driver's own file.</summary>
internal static class OutlinedLines
{
    public static DriverModel Restore(DriverModel model)
    {
        var outlined = model.Outlined.ToDictionary(o => (o.Unit, o.Name));
        return model with
        {
            Functions = [.. model.Functions.Select(f => outlined.TryGetValue((f.Unit, f.Name), out var region) ? Restore(f, region) : f)],
        };
    }

    private static Function Restore(Function function, OutlinedRegion region)
    {
        return function with { Location = function.Location with { Line = region.OriginalLine }, Facts = [.. function.Facts.Select(f => f with { Location = Moved(f.Location) })] };

        Location Moved(Location at) => at.File == region.Unit && at.Line >= region.Line
            ? at with { Line = at.Line - region.Line + region.OriginalLine }
            : at;
    }
}
