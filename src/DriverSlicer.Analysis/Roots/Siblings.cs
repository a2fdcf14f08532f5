// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// Modules that share the driver's own headers can reach into its records by any way, netdev_priv() included. They are there if the
/// driver exports something, or uses a function or variable that its own headers declare and none of its files defines.
/// </summary>
internal static class Siblings
{
    public static bool MayExist(CallGraph graph)
    {
        var files = graph.Model.Files.SelectMany(f => f.Included.Select(i => i.Path).Prepend(f.Path)).ToHashSet();
        return graph.Stored.Any(s => s.Key == StoredFunctions.Export)
            || graph.Model.Functions.Any(f =>
                f.Origin == FunctionOrigin.Extern && files.Contains(f.Location.File) && !graph.In(f.Id).IsEmpty && !IsCompilers(f.Name))
            || graph.Model.Globals.Any(g => g.IsExtern && files.Contains(g.Location.File));
    }

    /// <summary>Build-time checks and builtins are declared on the spot, wherever they are used.</summary>
    private static bool IsCompilers(string name) =>
        name.StartsWith("__compiletime_assert_", StringComparison.Ordinal) || name.StartsWith("__builtin_", StringComparison.Ordinal);
}
