// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Tests;

/// <summary>Where the sources under test are.</summary>
public static class Checkout
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder) =>
        folder is null ? throw new InvalidOperationException("not inside a checkout")
        : File.Exists(Path.Combine(folder.FullName, "DriverSlicer.slnx")) ? folder.FullName
        : Find(folder.Parent);
}
