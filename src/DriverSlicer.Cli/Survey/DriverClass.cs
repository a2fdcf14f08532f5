// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Cli.Survey;

/// <summary>
/// The class of driver that a module's path tells: its folder two levels deep (drivers/watchdog, sound/pci), three where the second level is
/// a family of classes (drivers/net/ethernet).
/// </summary>
public static class DriverClass
{
    private static readonly ImmutableHashSet<string> Families =
    [
        "drivers/gpu", "drivers/iio", "drivers/infiniband", "drivers/input", "drivers/media", "drivers/net", "drivers/platform", "drivers/usb",
    ];

    public static string Of(string module)
    {
        var folders = module.Split('/')[..^1];
        var two = string.Join('/', folders.Take(2));
        return Families.Contains(two) && folders.Length > 2 ? $"{two}/{folders[2]}" : two;
    }
}
