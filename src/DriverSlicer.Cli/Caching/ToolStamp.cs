// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using DriverSlicer.Clang;

namespace DriverSlicer.Cli.Caching;

/// <summary>What every answer depends on besides the question: the slicer's assemblies, libclang, and the specs.</summary>
public static class ToolStamp
{
    /// <param name="specs">The folder of specs.</param>
    public static string Of(string specs)
    {
        var text = new StringBuilder(ClangFrontEnd.LibraryStamp()).AppendLine();
        foreach (var file in Files(AppContext.BaseDirectory, "*.dll").Concat(Files(specs, "*.toml")))
            text.AppendLine(Path.GetFileName(file)).AppendLine(Digest.OfFile(file));
        return Digest.OfText(text.ToString());
    }

    private static IEnumerable<string> Files(string folder, string pattern) => Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal);
}
