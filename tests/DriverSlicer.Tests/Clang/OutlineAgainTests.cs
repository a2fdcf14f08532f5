// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text;
using DriverSlicer.Clang;
using DriverSlicer.Model;
using Xunit;

namespace DriverSlicer.Tests.Clang;

/// <summary>Units stay parsed and cut between two requests: what was asked before leaves no trace.</summary>
public sealed class OutlineAgainTests
{
    private const string One = "extern int far(int); static int helper(int n) { return n; }\nint one(int n)\n{\nint r = far(n);\nr += helper(n);\nreturn r;\n}\n";
    private const string Two = "extern int far(int); static int helper(int n) { return -n; }\nint two(int n)\n{\nint r = 0;\nr = far(n);\nr += helper(n);\nreturn r;\n}\n";

    private static readonly OutlineRequest InOne = Statement("one", "one.c", 5), InTwo = Statement("two", "two.c", 5), AlsoInTwo = Statement("two", "two.c", 6);

    public static TheoryData<int[]> Orders() => new() { new[] { 0 }, new[] { 0, 3 }, new[] { 3, 0 }, new[] { 0, 1, 2, 3, 0 }, new[] { 2, 1, 2 }, new[] { 3, 4, 1 } };

    [Theory]
    [MemberData(nameof(Orders))]
    public void What_was_asked_before_leaves_no_trace(int[] order)
    {
        ImmutableArray<OutlineRequest>[] requests = [[InOne], [InTwo], [InOne, InTwo], [InOne, InTwo, AlsoInTwo], []];
        using var driver = ClangFrontEnd.ReadUnits(Build(), []);
        foreach (var asked in order)
        {
            using var fresh = ClangFrontEnd.ReadUnits(Build(), []);
            var expected = ClangFrontEnd.Outline(Build(), [], fresh, requests[asked]);
            Assert.Equal(requests[asked].Length, expected.Outlined.Length);
            Assert.Equal(Text(expected), Text(ClangFrontEnd.Outline(Build(), [], driver, requests[asked])));
        }
    }

    private static OutlineRequest Statement(string function, string file, int line) => OutlineRequest.Statement($"c:@F@{function}", function, new Location(file, line, 1));

    private static BuildCommands Build() => new(
        "two", new KernelTree("none", "/"), "/nonexistent/driver", "/nonexistent/driver",
        [.. new[] { ("one.c", One), ("two.c", Two) }.Select(u => new CompiledUnit(u.Item1, Encoding.UTF8.GetBytes(u.Item2), ["-std=gnu11", "-O2"]))], [], []);

    private static string Text(DriverModel model)
    {
        var file = Path.GetTempFileName();
        try
        {
            ModelFile.Write(file, model);
            return File.ReadAllText(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
