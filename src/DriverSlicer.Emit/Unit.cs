// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Emit.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Emit;

/// <summary>
/// One translation unit and what it is called in the output. Kbuild makes the composite NAME.o from the units' objects, so a unit that is
/// itself called NAME.c (every driver of one file) becomes NAME_k.c in the kernel half; #line keeps its own name wherever it shows.
/// </summary>
/// <param name="Index">Position in the driver; see <see cref="Site"/>.</param>
/// <param name="Id">The path as a C identifier, distinct in the driver.</param>
/// <param name="KernelFile">Path below kernel/.</param>
internal sealed record Unit(int Index, SourceFile Source, string Id, string KernelFile)
{
    public string Path => Source.Path;

    /// <summary>What a call says of where it stands; C, of a number or of <c>__LINE__</c>.</summary>
    public string Site(string line) => $"{Index + 1} << 16 | {line}";

    public string KernelObject => Above.PathOf(KernelFile)[..^2] + ".o";

    public bool IsRenamed => KernelFile != Path;

    /// <summary>Path of a generated file that stands beside this unit: the directory is the unit's own, so its quoted includes work.</summary>
    public string Beside(string name) => DirectoryOf(Path) + name;

    public static ImmutableArray<Unit> All(DriverModel model, string module)
    {
        var ids = CText.Distinct(model.Files.Select(file => CText.Identifier(file.Path[..^2])));
        var taken = model.Files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return [.. model.Files.Select((file, i) => new Unit(i, file, ids[i], KernelFileOf(file.Path, module, taken)))];
    }

    private static string KernelFileOf(string path, string module, HashSet<string> taken)
    {
        if (path[..^2].Replace('-', '_') != module.Replace('-', '_'))
        {
            return path;
        }

        var candidate = path[..^2] + "_k.c";
        while (taken.Contains(candidate))
        {
            candidate = candidate[..^2] + "k.c";
        }

        return candidate;
    }

    private static string DirectoryOf(string path) => path[..(path.LastIndexOf('/') + 1)];
}
