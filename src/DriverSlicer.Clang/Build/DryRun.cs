// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Clang;

/// <summary>
/// What a dry run of the kernel build prints of its modules. Of all lines two kinds matter, each a shell line of several commands:
/// <c>...; gcc FLAGS -c -o DIR/X.o DIR/X.c ; objtool ...</c> compiles one object, and
/// <c>...; printf '%s\n' X.o Y.o | awk '... "DIR/"$0 ...' > DIR/NAME.mod</c> lists those of one module.
/// </summary>
internal sealed class DryRun(string workingDirectory)
{
    private const string List = "printf '%s\\n' ";

    /// <summary>Absolute path of an object to the words that compile it; the last one is the source as the build names it.</summary>
    public Dictionary<string, ImmutableArray<string>> Compiles { get; } = new(StringComparer.Ordinal);

    /// <summary>Absolute path of a module, without .mod, to its objects in link order.</summary>
    public Dictionary<string, ImmutableArray<string>> Modules { get; } = new(StringComparer.Ordinal);

    public void Line(string line)
    {
        if (line.Contains(" -c -o ", StringComparison.Ordinal))
            Compile(line);
        else if (line.Contains(".mod", StringComparison.Ordinal) && line.Contains(List, StringComparison.Ordinal))
            Module(line);
    }

    private void Compile(string line)
    {
        foreach (var part in ShellParts.Of(line).Where(p => p.Contains(" -c -o ", StringComparison.Ordinal)))
        {
            var words = CommandLine.Words(part);
            var at = words.IndexOf("-c");
            if (at < 0 || at + 2 >= words.Count || words[at + 1] != "-o")
                continue;
            Compiles[Full(words[at + 2])] = [.. words];
            return;
        }
    }

    private void Module(string line)
    {
        foreach (var part in ShellParts.Of(line).Select(p => p.TrimStart()).Where(p => p.StartsWith(List, StringComparison.Ordinal)))
        {
            var words = CommandLine.Words(part);
            var pipe = words.IndexOf("|");
            var target = words.Count > 1 && words[^2] == ">" ? words[^1] : "";
            if (pipe < 0 || !target.EndsWith(".mod", StringComparison.Ordinal))
                continue;
            var path = Full(target)[..^".mod".Length];
            Modules[path] =
            [
                .. words.Take(pipe).Where(w => w.EndsWith(".o", StringComparison.Ordinal))
                    .Select(o => Path.GetFullPath(o, Path.GetDirectoryName(path)!)).Distinct(),
            ];
        }
    }

    private string Full(string path) => Path.GetFullPath(path, workingDirectory);
}
