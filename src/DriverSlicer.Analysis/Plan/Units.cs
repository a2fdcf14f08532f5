// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

internal static class Units
{
    /// <summary>Position of the unit in the driver; unknown ones come last.</summary>
    public static int IndexOf(DriverModel model, string unit)
    {
        for (var i = 0; i < model.Files.Length; i++)
            if (model.Files[i].Path == unit)
                return i;
        return model.Files.Length;
    }
}
