// SPDX-License-Identifier: GPL-2.0-only
using System.Text.RegularExpressions;

namespace DriverSlicer.Clang;

/// <summary>What Kbuild passes to every module, and so is not the driver's doing.</summary>
internal static class StandardFlags
{
    public static bool IsStandard(string word, KernelTree tree)
    {
        if (!word.StartsWith("-I", StringComparison.Ordinal))
            return !word.StartsWith("-D", StringComparison.Ordinal) || Regex.IsMatch(word, "^-D(__KERNEL__|MODULE|__?KBUILD_|KBUILD_|CC_USING_)");
        var path = Path.GetFullPath(word[2..], tree.BuildDirectory);
        return tree.HeaderDirectories.Any(h => Regex.IsMatch(path, "^" + Regex.Escape(h) + "/(arch/[^/]+/)?include(/|$)"));
    }
}
