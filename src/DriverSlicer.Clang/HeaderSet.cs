// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using DriverSlicer.Clang.Native;

namespace DriverSlicer.Clang;

/// <summary>
/// Kernel headers that are precompiled for many files. A file then sees declarations that it did not ask for: where that is an error (a name
/// of its own that a header has too), it must be read again without. Good for statistics; a slice reads each file as the build does.
/// </summary>
/// <param name="folder">Where they go; its owner deletes it.</param>
/// <param name="headers">As #include names them between angle brackets, the most useful first.</param>
public sealed class HeaderSet(string folder, ImmutableArray<string> headers)
{
    private readonly Dictionary<string, string?> files = [];

    /// <summary>Arguments of a unit with the precompiled headers in their place; null if there are none for such arguments.</summary>
    internal ImmutableArray<string>? Apply(ImmutableArray<string> arguments, KernelTree tree, IReadOnlyList<string> strictness)
    {
        var common = Common(arguments, tree);
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', common.Concat(headers)))))[..16];
        if (!files.TryGetValue(key, out var file))
            files[key] = file = Make(Path.Combine(folder, key + ".pch"), [.. common, "-working-directory=" + tree.BuildDirectory, .. strictness]);
        return file is null ? null : [.. WithoutIncludes(arguments), "-include-pch", file];
    }

    private string? Make(string path, IReadOnlyList<string> arguments)
    {
        if (File.Exists(path))
            return path;
        // Which of them stands against the others is not asked: the less useful half goes.
        for (var count = headers.Length; count > 0; count /= 2)
        {
            if (PrecompiledHeaders.Write(path, headers.Take(count), arguments) is null)
                return path;
        }

        return null;
    }

    /// <summary>What any module gets: the rest is of the file, and comes after the headers.</summary>
    private static ImmutableArray<string> Common(ImmutableArray<string> arguments, KernelTree tree) =>
        [.. arguments.Where(w => !(w.StartsWith("-I", StringComparison.Ordinal) || w.StartsWith("-D", StringComparison.Ordinal)) || StandardFlags.IsStandard(w, tree))
            .Where(w => !w.StartsWith("-DKBUILD_", StringComparison.Ordinal) && !w.StartsWith("-D__KBUILD_", StringComparison.Ordinal))];

    /// <summary>What is included from the command line is in the precompiled part already.</summary>
    private static IEnumerable<string> WithoutIncludes(ImmutableArray<string> arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "-include" && i + 1 < arguments.Length)
                i++;
            else
                yield return arguments[i];
        }
    }
}
