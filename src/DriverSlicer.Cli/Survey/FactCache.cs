// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using System.Text.Json;
using DriverSlicer.Clang;
using DriverSlicer.Cli.Caching;

namespace DriverSlicer.Cli.Survey;

/// <summary>
/// Results of modules, by what they were made of: the contents of the module's files and their flags in the key, the headers of its own that
/// they include in the entry. <paramref name="stamp"/> stands for the rest: the slicer, its specs, the kernel's headers. What is under no
/// key that is asked for is not found; nothing has to be thrown away by hand.
/// </summary>
public sealed class FactCache(string folder, string stamp)
{
    private readonly EntryStore store = new(folder);

    public ModuleResult? Find(ModuleSource module, string sourceDirectory)
    {
        return store.Load(Key(module, sourceDirectory)) is { } entry
            && JsonSerializer.Deserialize<ModuleResult>(entry) is { } found && Dependencies.Hold(found.Headers) ? found : null;
    }

    public void Store(ModuleSource module, string sourceDirectory, ModuleResult result) =>
        store.Store(Key(module, sourceDirectory), JsonSerializer.SerializeToUtf8Bytes(result));

    private string Key(ModuleSource module, string sourceDirectory)
    {
        var text = new StringBuilder(stamp).AppendLine().AppendLine(module.Path);
        foreach (var file in module.Files)
        {
            var path = ModuleFile.Locate(file.Path, Path.Combine(sourceDirectory, module.Folder));
            text.AppendLine(file.Path).AppendLine(File.Exists(path) ? Digest.OfFile(path) : "").AppendLine(string.Join(' ', file.Words));
        }

        return Digest.OfText(text.ToString());
    }
}
