// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Emit.Text;

/// <summary>Reads the compiler arguments that the front end harvested from Kbuild.</summary>
internal static class CompilerArguments
{
    private static readonly string[] TakeValue = ["-include", "-imacros", "-isystem", "-iquote", "-idirafter", "-I"];

    /// <summary>
    /// For user mode: without the kernel's code model and position; paths below the headers directory are spelled from $(KDIR); the
    /// runtime's corrections to the configuration (md_pre.h) come right after the configuration.
    /// </summary>
    public static ImmutableArray<string> ForUser(ImmutableArray<string> arguments) => [.. Joined(arguments).Where(IsForUser).SelectMany(ForUser)];

    private static bool IsForUser(string[] argument) =>
        argument[0] is not ("-mcmodel=kernel" or "-fno-PIE" or "-fno-pie") && !argument[0].StartsWith("-working-directory", StringComparison.Ordinal);

    private static string[] ForUser(string[] argument) => argument switch
    {
        ["-include", var file] when file.EndsWith("/linux/kconfig.h", StringComparison.Ordinal) => ["-include " + Path(file), "-include $(CURDIR)/md_pre.h"],
        [var option, var path] => [$"{option} {Path(path)}"],
        [var joined] when joined.StartsWith("-I", StringComparison.Ordinal) => ["-I" + Path(joined[2..])],
        _ => [Quote(argument[0])],
    };

    /// <summary>As one word of a recipe or of a Kbuild variable.</summary>
    public static string Quote(string argument) => argument.AsSpan().IndexOfAny(" \"'\\;&|<>*?#") < 0
        ? argument
        : "'" + argument.Replace("'", "'\\''", StringComparison.Ordinal).Replace("#", "\\#", StringComparison.Ordinal) + "'";

    private static string Path(string path) => path.StartsWith('/') || path.StartsWith('$') ? path : $"$(KDIR)/{(path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path)}";

    private static IEnumerable<string[]> Joined(ImmutableArray<string> arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            yield return TakeValue.Contains(arguments[i]) && i + 1 < arguments.Length ? [arguments[i], arguments[++i]] : [arguments[i]];
        }
    }
}
