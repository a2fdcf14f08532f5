// SPDX-License-Identifier: GPL-2.0-only
using System.Text;

namespace DriverSlicer.Lab;

/// <summary>
/// A newc cpio archive in memory, as the kernel unpacks it into its root. The same content gives the same bytes:
/// entries are sorted, times and owners are zero, inode numbers count.
/// </summary>
public sealed class CpioArchive
{
    private readonly record struct Entry(uint Mode, byte[] Data, uint Major, uint Minor);

    private const uint Directory = 0x4000, Regular = 0x8000, Link = 0xa000, CharDevice = 0x2000;
    private readonly SortedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public void AddFile(string path, byte[] data, bool executable) => Add(path, new(Regular | (executable ? 0x1edu : 0x1a4u), data, 0, 0));

    public void AddLink(string path, string target) => Add(path, new(Link | 0x1ff, Encoding.UTF8.GetBytes(target), 0, 0));

    public void AddDirectory(string path) => Add(path, new(Directory | 0x1ed, [], 0, 0));

    public void AddCharDevice(string path, uint major, uint minor) => Add(path, new(CharDevice | 0x180, [], major, minor));

    public void Write(Stream output)
    {
        uint inode = 0;
        long offset = 0;
        foreach (var (path, entry) in _entries)
            offset = Append(output, offset, ++inode, path, entry);
        Append(output, offset, 0, "TRAILER!!!", new(0, [], 0, 0));
    }

    /// <summary>The kernel does not make missing parents, so every path brings its own.</summary>
    private void Add(string path, Entry entry)
    {
        path = path.TrimStart('/');
        if (Path.GetDirectoryName(path) is { Length: > 0 } parent && !_entries.ContainsKey(parent))
            AddDirectory(parent);
        _entries[path] = entry;
    }

    private static long Append(Stream output, long offset, uint inode, string path, Entry e)
    {
        var name = Encoding.UTF8.GetBytes(path + "\0");
        uint[] fields =
        [
            inode, e.Mode, 0, 0, e.Mode >> 12 == 4 ? 2u : 1u, 0, (uint)e.Data.Length, 0, 0, e.Major, e.Minor, (uint)name.Length, 0,
        ];
        output.Write(Encoding.ASCII.GetBytes("070701" + string.Concat(fields.Select(f => f.ToString("x8")))));
        output.Write(name);
        offset = Pad(output, offset + 110 + name.Length);
        output.Write(e.Data);
        return Pad(output, offset + e.Data.Length);
    }

    private static long Pad(Stream output, long offset)
    {
        for (; offset % 4 != 0; offset++)
            output.WriteByte(0);
        return offset;
    }
}
