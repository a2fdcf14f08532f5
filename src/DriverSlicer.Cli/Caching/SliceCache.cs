// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using System.Text.Json;
using DriverSlicer.Clang;
using DriverSlicer.Cli.Output;
using DriverSlicer.Cli.Specs;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Caching;

/// <summary>
/// Two answers for each driver that was asked for: what the front end read of it, and what <c>analyze</c> said of it. The key is all that is
/// known before the driver is parsed: <paramref name="stamp"/> (<see cref="ToolStamp"/>), the driver's files and how they are compiled, the
/// choices, what the slicer may do. The headers stand in the entry, for the parse tells which they are.
/// </summary>
public sealed class SliceCache(EntryStore store, string stamp)
{
    private const long Limit = 256L << 20;

    /// <param name="none">There is to be no cache.</param>
    public static SliceCache? Open(bool none = false) => none ? null
        : new SliceCache(new EntryStore(Cache.Directory("slices"), Limit), ToolStamp.Of(Path.Combine(Slicer.Root, "specs")));

    /// <param name="config">As given on the command line, or null.</param>
    public string Key(BuildCommands commands, string? config, SliceAbilities abilities)
    {
        var choices = config ?? Path.Combine(commands.SourceDirectory, ChoiceFile.Name);
        var text = new StringBuilder(stamp).AppendLine()
            .AppendLine(Slicer.Root).AppendLine($"{abilities}").AppendLine(config).AppendLine(File.Exists(choices) ? Digest.OfFile(choices) : "")
            .AppendLine(commands.Module).AppendLine(commands.Tree.Release).AppendLine(commands.Tree.BuildDirectory)
            .AppendLine(commands.SourceDirectory).AppendLine(commands.OwnRoot)
            .AppendJoin('\n', commands.ExtraFlags).AppendLine().AppendJoin('\n', commands.Diagnostics).AppendLine();
        foreach (var unit in commands.Units)
            text.AppendLine(unit.Path).AppendLine(Digest.OfBytes(unit.Text)).AppendJoin('\n', unit.Arguments).AppendLine();
        return Digest.OfText(text.ToString());
    }

    public (DriverRead Driver, FilesRead Files)? FindDriver(string key) => Find(key + "-driver", ModelFile.Unpack);

    public void Store(string key, DriverRead driver, FilesRead files) => Store(key + "-driver", ModelFile.Pack(driver), files);

    public AnalysisText? FindAnalysis(string key) =>
        Find(key + "-analysis", bytes => JsonSerializer.Deserialize(bytes, AnalysisJson.Default.AnalysisText)!)?.Found;

    public void Store(string key, AnalysisText text, FilesRead files) =>
        Store(key + "-analysis", JsonSerializer.SerializeToUtf8Bytes(text, AnalysisJson.Default.AnalysisText), files);

    private (T Found, FilesRead Files)? Find<T>(string key, Func<byte[], T> read)
    {
        if (store.Load(key) is not { } content || content.AsSpan().IndexOf((byte)0) is not (>= 0 and var end))
            return null;
        var files = FilesRead.Parse(Encoding.UTF8.GetString(content.AsSpan(..end)));
        return files.Hold() ? (read(content[(end + 1)..]), files) : null;
    }

    private void Store(string key, byte[] answer, FilesRead files) => store.Store(key, [.. Encoding.UTF8.GetBytes(files.ToString()), 0, .. answer]);
}
