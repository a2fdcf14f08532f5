// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using Xunit;

namespace DriverSlicer.Lab.Tests;

public class GuestImageTests
{
    private const string ModulesDep = """
        kernel/drivers/net/mii.ko:
        kernel/drivers/net/ethernet/nic-model.ko.xz: kernel/drivers/net/mii.ko
        kernel/drivers/other.ko: kernel/drivers/net/mii.ko
        """;

    [Fact]
    public void A_module_comes_with_what_it_needs_and_nothing_else() =>
        Assert.Equal(
            ["kernel/drivers/net/ethernet/nic-model.ko.xz", "kernel/drivers/net/mii.ko"],
            ModuleTree.Parse(ModulesDep).Closure(["nic_model", "unknown"]));

    [Fact]
    public void Ldd_names_libraries_and_the_loader() =>
        Assert.Equal(
            ["/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2"],
            SharedLibraries.Parse(
                "\tlinux-vdso.so.1 (0x1)\n\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x2)\n\t/lib64/ld-linux-x86-64.so.2 (0x3)\n"));

    [Fact]
    public void An_archive_depends_on_its_content_only_and_brings_parents()
    {
        var (one, two) = (new CpioArchive(), new CpioArchive());
        one.AddFile("/b/c", "hello"u8.ToArray(), executable: false);
        one.AddLink("/a", "target");
        two.AddLink("a", "target");
        two.AddFile("b/c", "hello"u8.ToArray(), executable: false);
        Assert.Equal(Bytes(one), Bytes(two));

        var text = Encoding.ASCII.GetString(Bytes(one));
        var places = new[] { "a\0", "b\0", "b/c\0", "hello", "TRAILER!!!\0" }.Select(n => text.IndexOf(n, StringComparison.Ordinal));
        Assert.Equal(places.Order(), places);
        Assert.Equal(0, text.Length % 4);
    }

    [Fact]
    public void What_a_user_half_was_compiled_from_is_its_text_and_the_notes_of_gcov()
    {
        var folder = Folder("half.so", "half.c", "half.h", "half.o", "half.gcno", "half.gcda");
        Assert.Equal(["half.c", "half.gcno", "half.h"], GuestImage.SourcesOf(Path.Combine(folder, "half.so")).Select(Path.GetFileName));
        Assert.Empty(GuestImage.SourcesOf(Path.Combine(folder, "half.ko")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Files_are_a_file_a_folder_with_all_in_it_or_what_matches_a_star()
    {
        var folder = Folder("a.py", "b.py", "c.txt");
        Assert.Equal(["a.py", "b.py"], GuestImage.FilesOf(Path.Combine(folder, "*.py")).Select(Path.GetFileName).Order());
        Assert.Equal(3, GuestImage.FilesOf(folder).Length);
        Assert.Equal(["/no/such/*.py"], GuestImage.FilesOf("/no/such/*.py"));
        Directory.Delete(folder, recursive: true);
    }

    private static string Folder(params string[] files)
    {
        var folder = Directory.CreateTempSubdirectory("driverslicer-test-").FullName;
        foreach (var file in files)
            File.WriteAllText(Path.Combine(folder, file), "");
        return folder;
    }

    [Fact]
    public void Newer_releases_sort_after_older_ones() =>
        Assert.True(string.CompareOrdinal(KernelImages.VersionKey("6.1.0-9-amd64"), KernelImages.VersionKey("6.1.0-56-amd64")) < 0);

    private static byte[] Bytes(CpioArchive archive)
    {
        using var stream = new MemoryStream();
        archive.Write(stream);
        return stream.ToArray();
    }
}
