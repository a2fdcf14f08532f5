// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using DriverSlicer.Cli.Caching;
using DriverSlicer.Clang;

namespace DriverSlicer.Cli.Survey;

/// <summary>What every module's result depends on besides its own text: the slicer's assemblies, its specs, the kernel's headers and configuration.</summary>
public static class SurveyStamp
{
    public static string Of(KernelTree tree, string specs, bool exact)
    {
        var text = new StringBuilder(exact ? "exact\n" : "1\n").AppendLine(tree.Release).AppendLine(tree.BuildDirectory);
        text.AppendLine(ToolStamp.Of(specs));
        foreach (var name in (string[])["include/config/auto.conf", "include/generated/utsrelease.h", "Module.symvers"])
        {
            var file = new FileInfo(Path.Combine(tree.BuildDirectory, name));
            text.AppendLine(file.Exists ? $"{file.Length} {file.LastWriteTimeUtc:O}" : "");
        }

        return Digest.OfText(text.ToString());
    }
}
