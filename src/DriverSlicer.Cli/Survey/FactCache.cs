// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using System.Text.Json;
using DriverSlicer.Clang;

namespace DriverSlicer.Cli.Survey;

/// <summary>
/// Results of modules, by what they were made of: the contents of the module's files and their flags in the key, the headers of its own that
/// they include in the entry. <paramref name="stamp"/> stands for the rest: the slicer, its specs, the kernel's headers. What is under no
/// key that is asked for is not found; nothing has to be thrown away by hand.
/// </summary>
public sealed class FactCache(string folder, string stamp)
{
    public ModuleResult? Find(ModuleSource module, string sourceDirectory)
    {
        var path = PathOf(Key(module, sourceDirectory));
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize<ModuleResult>(File.ReadAllText(path)) is { } found && Dependencies.Hold(found.Headers) ? found : null;
        }
        catch (JsonException)
        {
            // A damaged entry is as good as none.
            return null;
        }
    }

    public void Store(ModuleSource module, string sourceDirectory, ModuleResult result)
    {
        var path = PathOf(Key(module, sourceDirectory));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
        File.WriteAllText(partial, JsonSerializer.Serialize(result));
        File.Move(partial, path, overwrite: true);
    }

    private string Key(ModuleSource module, string sourceDirectory)
    {
        var text = new StringBuilder(stamp).AppendLine().AppendLine(module.Path);
        foreach (var file in module.Files)
        {
            var path = ModuleFile.Locate(file.Path, Path.Combine(sourceDirectory, module.Folder));
            text.AppendLine(file.Path).AppendLine(File.Exists(path) ? Dependencies.Hash(path) : "").AppendLine(string.Join(' ', file.Words));
        }

        return Dependencies.HashText(text.ToString());
    }

    private string PathOf(string key) => Path.Combine(folder, key[..2], key[2..] + ".json");
}
