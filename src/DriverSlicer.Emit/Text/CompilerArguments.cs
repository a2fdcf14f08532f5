// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Emit.Text;

/// <summary>Compiler arguments as make and its shell read them.</summary>
internal static class CompilerArguments
{
    /// <summary>As one word of a recipe or of a Kbuild variable.</summary>
    public static string Quote(string argument) => argument.AsSpan().IndexOfAny(" \"'\\;&|<>*?#") < 0
        ? argument
        : "'" + argument.Replace("'", "'\\''", StringComparison.Ordinal).Replace("#", "\\#", StringComparison.Ordinal) + "'";
}
