// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Cli.Specs;
using DriverSlicer.Model;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Tests.Specs;

public sealed class ChoiceFileTests
{
    [Fact]
    public void Every_sort_of_line_arrives_with_its_place()
    {
        var choices = ChoiceFile.Read("slice.toml", """
            [functions]
            one = "kernel"
            two = { half = "user", promise = "why" }
            [pointers]
            "struct own.data" = { is = "struct first", promise = "why not" }
            [locks]
            "struct own.lock" = "outline"
            """);

        Assert.Equal(
            [new FunctionChoice("one", Half.Kernel, null, new Location("slice.toml", 2, 1)), new FunctionChoice("two", Half.User, "why", new Location("slice.toml", 3, 1))],
            choices.Functions);
        Assert.Equal(new PointerChoice("struct own.data", "struct first", "why not", new Location("slice.toml", 5, 1)), Assert.Single(choices.Pointers));
        Assert.Equal(new LockLine("struct own.lock", LockChoice.Outline, new Location("slice.toml", 7, 1)), Assert.Single(choices.Locks));
        Assert.Equal(4, choices.Count);
    }

    [Theory]
    [InlineData("[function]\n", "slice.toml:1:1", "DS0303")]
    [InlineData("one = 1\n", "slice.toml:1:1", "DS0303")]
    [InlineData("[functions]\none = \"both\"", "slice.toml:2:1", "DS0305")]
    [InlineData("[functions]\none = 3", "slice.toml:2:7", "DS0304")]
    [InlineData("[functions]\none = { half = \"user\" }", "slice.toml:2:1", "DS0307")]
    [InlineData("[functions]\none = { half = \"kernel\", promise = \"x\" }", "slice.toml:2:26", "DS0303")]
    [InlineData("[functions]\none = \"user\"\none = \"kernel\"", "slice.toml:3:1", "DS0302 DS0306")]
    [InlineData("[pointers]\n\"struct own.data\" = \"struct first\"", "slice.toml:2:1", "DS0304")]
    [InlineData("[pointers]\n\"struct own.data\" = { is = \"struct first\" }", "slice.toml:2:1", "DS0307")]
    [InlineData("[locks]\n\"struct own.lock\" = \"local\"", "slice.toml:2:1", "DS0305")]
    [InlineData("[functions\n", "slice.toml:1:", "DS0302")]
    public void A_mistake_is_named_with_its_place(string text, string place, string id)
    {
        var trouble = Assert.Throws<DiagnosticException>(() => ChoiceFile.Read("slice.toml", text));

        Assert.StartsWith(place, trouble.Diagnostic.Location.ToString());
        Assert.Contains(trouble.Diagnostic.Id, id.Split(' '));
        Assert.Equal(2, trouble.ExitCode);
    }

    [Fact]
    public void It_is_found_beside_the_driver_and_may_be_missing_there_but_not_where_it_was_named()
    {
        var folder = Directory.CreateTempSubdirectory("choices");
        Assert.Equal(SliceChoices.None, ChoiceFile.Find(null, folder.FullName));
        Assert.Equal("DS0805", Assert.Throws<DiagnosticException>(() => ChoiceFile.Find(Path.Combine(folder.FullName, "my.toml"), folder.FullName)).Diagnostic.Id);

        File.WriteAllText(Path.Combine(folder.FullName, "slice.toml"), "[functions]\none = \"kernel\"");

        Assert.Equal("one", ChoiceFile.Find(null, folder.FullName).Functions.Single().Name);
        folder.Delete(recursive: true);
    }
}
