// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Cli.Caching;

namespace DriverSlicer.Tests.Cli.Caching;

/// <summary>Two include folders; linux/toy.h was found in the second.</summary>
public sealed class FilesReadTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("read-").FullName;
    private readonly FilesRead read;

    public FilesReadTests()
    {
        Directory.CreateDirectory(First("linux"));
        Directory.CreateDirectory(Path.GetDirectoryName(Second("linux/toy.h"))!);
        File.WriteAllText(Second("linux/toy.h"), "#define TOY 1\n");
        read = FilesRead.Parse(Of(DateTime.UtcNow.AddMinutes(1))!.ToString());
    }

    private string First(string path) => Path.Combine(root, "first", path);

    private string Second(string path) => Path.Combine(root, "second", path);

    private FilesRead? Of(DateTime since) => FilesRead.Of([Second("linux/toy.h")], [First("").TrimEnd('/'), Second("").TrimEnd('/')], since);

    [Fact]
    public void Unchanged_files_hold_whatever_their_dates()
    {
        File.SetLastWriteTimeUtc(Second("linux/toy.h"), DateTime.UnixEpoch);
        Assert.True(read.Hold());
    }

    [Fact]
    public void A_changed_file_does_not()
    {
        var date = File.GetLastWriteTimeUtc(Second("linux/toy.h"));
        File.WriteAllText(Second("linux/toy.h"), "#define TOY 2\n");
        File.SetLastWriteTimeUtc(Second("linux/toy.h"), date);
        Assert.False(read.Hold());
    }

    [Fact]
    public void Nor_one_that_is_gone()
    {
        File.Delete(Second("linux/toy.h"));
        Assert.False(read.Hold());
    }

    [Theory]
    [InlineData("linux/toy.h")]
    [InlineData("linux/other.h")]
    public void Nor_is_a_new_header_passed_over_where_the_compiler_looks_earlier(string header)
    {
        File.WriteAllText(First(header), "");
        Assert.False(read.Hold());
    }

    [Fact]
    public void Other_new_files_mean_nothing()
    {
        File.WriteAllText(First("linux/result.json"), "");
        File.WriteAllText(Path.Combine(root, "other.h"), "");
        Assert.True(read.Hold());
    }

    [Fact]
    public void What_changed_while_it_was_read_is_not_kept() => Assert.Null(Of(DateTime.UnixEpoch));

    public void Dispose() => Directory.Delete(root, recursive: true);
}
