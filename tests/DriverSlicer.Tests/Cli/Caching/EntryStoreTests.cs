// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Cli.Caching;

namespace DriverSlicer.Tests.Cli.Caching;

public sealed class EntryStoreTests : IDisposable
{
    private const string Key = "0123456789abcdef";

    private readonly string folder = Directory.CreateTempSubdirectory("store-").FullName;

    private string Entry => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Single();

    [Fact]
    public void What_is_stored_is_found()
    {
        new EntryStore(folder).Store(Key, "text"u8);
        Assert.Equal("text"u8.ToArray(), new EntryStore(folder).Load(Key));
        Assert.Null(new EntryStore(folder).Load("another key"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(33)]
    public void An_entry_that_was_cut_off_is_as_good_as_none(int length)
    {
        new EntryStore(folder).Store(Key, "text"u8);
        File.WriteAllBytes(Entry, File.ReadAllBytes(Entry)[..length]);
        Assert.Null(new EntryStore(folder).Load(Key));
    }

    [Fact]
    public void A_damaged_entry_is_as_good_as_none_and_written_again()
    {
        new EntryStore(folder).Store(Key, "text"u8);
        foreach (var at in Enumerable.Range(0, (int)new FileInfo(Entry).Length))
        {
            var bytes = File.ReadAllBytes(Entry);
            bytes[at] ^= 1;
            File.WriteAllBytes(Entry, bytes);
            Assert.Null(new EntryStore(folder).Load(Key));
            new EntryStore(folder).Store(Key, "text"u8);
            Assert.NotNull(new EntryStore(folder).Load(Key));
        }
    }

    [Fact]
    public void The_entries_used_longest_ago_go_when_there_are_too_many()
    {
        var store = new EntryStore(folder, limit: 250);
        foreach (var key in (string[])["aa1", "bb2", "cc3"])
        {
            store.Store(key, new byte[100]);
            File.SetLastWriteTimeUtc(Directory.GetFiles(folder, $"{key[2..]}.entry", SearchOption.AllDirectories).Single(), DateTime.UnixEpoch.AddDays(key[2]));
        }

        var size = (int)new FileInfo(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).First()).Length;
        var small = new EntryStore(folder, limit: (3 * size) + 1);
        Assert.NotNull(small.Load("aa1"));
        small.Store("dd4", new byte[100]);
        Assert.Null(small.Load("bb2"));
        Assert.All((string[])["aa1", "cc3", "dd4"], key => Assert.NotNull(small.Load(key)));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_an_empty_one()
    {
        File.WriteAllText(Path.Combine(folder, "file"), "");
        var store = new EntryStore(Path.Combine(folder, "file"));
        store.Store(Key, "text"u8);
        Assert.Null(store.Load(Key));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
