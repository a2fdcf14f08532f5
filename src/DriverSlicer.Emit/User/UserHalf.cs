// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Emit.User;

/// <summary>All of user/ but the runtime's own sources.</summary>
internal static class UserHalf
{
    public static IEnumerable<OutputFile> Write(Slice slice)
    {
        var rewriting = new Rewriting(slice.Cut.InUser, function => DowncallStub.Body(slice, function), UserHeader.StubsOf(slice),
            (edits, path) => IncludedShims.Apply(slice, edits, path));
        return slice.Units.Select(unit => new OutputFile($"user/{Above.PathOf(unit.Path)}", rewriting.UnitText(slice, unit, $"md_{unit.Id}_u.h", $"md_{unit.Id}_u.c")))
            .Concat(slice.Units.Select(unit => new OutputFile($"user/{Above.PathOf(unit.Beside($"md_{unit.Id}_u.h"))}", UserHeader.Text(slice, unit))))
            .Concat(slice.Units.Select(unit => new OutputFile($"user/{Above.PathOf(unit.Beside($"md_{unit.Id}_u.c"))}", UserTrailer.Text(slice, unit))))
            .Concat(rewriting.Included(slice, "user"))
            .Concat(Above.Placeholders(slice, "user"))
            .Append(new OutputFile($"user/{slice.NumbersHeader}", NumbersHeader.Text(slice)))
            .Append(new OutputFile($"user/{UserHeader.StubsOf(slice)}", UserHeader.Stubs(slice)))
            .Append(new OutputFile("user/md_downcalls.S", Trampolines.Text(slice)))
            .Append(new OutputFile("user/md_formats.c", FormatStubs.Text(slice)))
            .Append(new OutputFile("user/md_tables.c", UserTables.Text(slice)))
            .Append(new OutputFile("user/Makefile", UserMakefile.Text(slice)));
    }
}
