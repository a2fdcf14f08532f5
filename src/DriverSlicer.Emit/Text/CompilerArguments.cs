// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Emit.Text;

/// <summary>Reads the compiler arguments that the front end harvested from Kbuild.</summary>
internal static class CompilerArguments
{
    private static readonly string[] TakeValue = ["-include", "-imacros", "-isystem", "-iquote", "-idirafter", "-I"];

    /// <summary>
    /// For user mode: without the kernel's code model and position; paths below the headers directory are spelled from $(KDIR).
    /// </summary>
    public static ImmutableArray<string> ForUser(ImmutableArray<string> arguments) =>
    [
        .. Joined(arguments).Where(argument => argument[0] is not ("-mcmodel=kernel" or "-fno-PIE" or "-fno-pie") && !argument[0].StartsWith("-working-directory", StringComparison.Ordinal))
            .SelectMany(argument => argument.Length == 2 ? [argument[0], Path(argument[1])]
                : argument[0].StartsWith("-I", StringComparison.Ordinal) ? ["-I" + Path(argument[0][2..])]
                : argument),
    ];

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
