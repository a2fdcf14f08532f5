// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Lab;

/// <summary>Where the lab's data (device and workload tables, guest scripts, masks) and its cache are.</summary>
public static class LabFolder
{
    /// <summary>The <c>lab</c> folder of the checkout that this assembly was built in; DRIVERSLICER_LAB overrides it.</summary>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable("DRIVERSLICER_LAB") is { Length: > 0 } chosen)
            return chosen;
        for (var dir = new DirectoryInfo(AppContext.BaseDirectory); dir is not null; dir = dir.Parent)
        {
            var lab = Path.Combine(dir.FullName, "lab");
            if (File.Exists(Path.Combine(lab, "devices.json")))
                return lab;
        }
        throw new LabException($"no lab/devices.json above {AppContext.BaseDirectory}: set DRIVERSLICER_LAB to the lab folder of a checkout");
    }

    /// <summary>Things that are slow to make and depend on nothing but their key.</summary>
    public static string Cache(string name)
    {
        var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(root, "driverslicer", name);
    }
}
