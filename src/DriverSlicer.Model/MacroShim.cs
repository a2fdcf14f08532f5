// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Model;

/// <summary>
/// A kernel macro that is treated as one function call (design section 10, trap 9). In the text that Clang and the user half's
/// compiler see, <c>#define spin_lock_init(...) md_m_spin_lock_init(__VA_ARGS__)</c> stands after the last include.
/// </summary>
/// <param name="Prototype">C prototype with parameter names a0, a1, ... for the name <see cref="Symbol"/>.</param>
/// <param name="Requires">Reserved; empty.</param>
public sealed record MacroShim(string Name, string Prototype, ImmutableArray<string> Requires)
{
    public string Symbol => "md_m_" + Name;

    /// <summary>Each place that has it is a lock class of its own: the kernel half performs it once for each place that calls it.</summary>
    public bool LockClass { get; init; }
}

/// <summary>The text inserted after a unit's last include; the same for Clang and for the user half, so both see the same program.</summary>
public static class ShimText
{
    /// <summary>Ends with a #line directive, so that presumed locations after it are those of the original text.</summary>
    public static string For(ImmutableArray<MacroShim> shims, string path, int nextLine)
    {
        var text = new System.Text.StringBuilder();
        foreach (var shim in shims)
        {
            text.Append("#ifdef ").Append(shim.Name).Append("\n#undef ").Append(shim.Name).Append('\n')
                .Append("extern ").Append(shim.Prototype).Append(";\n")
                .Append("#define ").Append(shim.Name).Append("(...) ").Append(shim.Symbol).Append("(__VA_ARGS__)\n")
                .Append("#endif\n");
        }

        return text.Append("#line ").Append(nextLine).Append(" \"").Append(path).Append("\"\n").ToString();
    }
}
