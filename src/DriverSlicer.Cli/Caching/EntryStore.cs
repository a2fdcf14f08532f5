// SPDX-License-Identifier: GPL-2.0-only
using System.IO.Compression;
using System.Security.Cryptography;

namespace DriverSlicer.Cli.Caching;

/// <summary>
/// What was found once, a file per key: the digest of the rest, then the content, compressed. An entry appears whole or not at all; one that is
/// damaged is as good as none, and so is a folder that cannot be read or written.
/// </summary>
/// <param name="limit">Bytes that all entries together may take; the ones used longest ago go first.</param>
public sealed class EntryStore(string folder, long limit = long.MaxValue)
{
    public byte[]? Load(string key)
    {
        var path = PathOf(key);
        try
        {
            if (!File.Exists(path))
                return null;
            var bytes = File.ReadAllBytes(path);
            var content = bytes.AsSpan(Math.Min(bytes.Length, SHA256.HashSizeInBytes)..);
            if (!bytes.AsSpan(..^content.Length).SequenceEqual(SHA256.HashData(content)))
                return null;
            if (limit != long.MaxValue)
                File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            using var packed = new DeflateStream(new MemoryStream(bytes, SHA256.HashSizeInBytes, content.Length), CompressionMode.Decompress);
            using var whole = new MemoryStream();
            packed.CopyTo(whole);
            return whole.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    public void Store(string key, ReadOnlySpan<byte> content)
    {
        using var packed = new MemoryStream();
        using (var stream = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(content);
        var path = PathOf(key);
        var partial = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(partial, [.. SHA256.HashData(packed.ToArray()), .. packed.ToArray()]);
            File.Move(partial, path, overwrite: true);
            if (limit != long.MaxValue)
                Shrink();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next run finds it out again.
        }
    }

    private void Shrink()
    {
        var files = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).OrderByDescending(f => f.LastWriteTimeUtc).ToArray();
        var sum = 0L;
        foreach (var file in files)
        {
            sum += file.Length;
            if (sum > limit)
                file.Delete();
        }
    }

    private string PathOf(string key) => Path.Combine(folder, key[..2], key[2..] + ".entry");
}
