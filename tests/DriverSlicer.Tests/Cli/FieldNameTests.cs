// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Cli.Running;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Cli;

public class FieldNameTests
{
    private static readonly CType Byte = new(CKind.Int, 1, "unsigned char");
    private static readonly CType Word = new(CKind.Int, 4, "int");

    // struct pair { int a; int b; };
    // struct card { unsigned char flag; struct pair ring[3]; union { int low; unsigned char bytes[4]; }; };
    private static readonly DriverModel Model = new(
        DriverModel.CurrentSchema, "card", "6.1", [],
        [
            Record("pair", "struct pair", 8, false, new CField("a", 0, 32, Word), new CField("b", 32, 32, Word)),
            Record("card", "struct card", 32, false,
                new CField("flag", 0, 8, Byte),
                new CField("ring", 32, 192, new CType(CKind.Array, 24, "struct pair[3]", Element: new CType(CKind.Record, 8, "struct pair", Record: "pair"), Count: 3)),
                new CField("", 224, 32, new CType(CKind.Record, 4, "union", Record: "either"))),
            Record("either", "", 4, true, new CField("low", 0, 32, Word)),
        ],
        [], [new Global("g", "counts", "card.c", Location.None, new CType(CKind.Array, 16, "int[4]", Element: Word, Count: 4), true, false, false, null, null, [])], []);

    [Theory]
    [InlineData(0, "flag")]
    [InlineData(2, FieldName.Padding)]
    [InlineData(4, "ring[0].a")]
    [InlineData(23, "ring[2].a")]
    [InlineData(24, "ring[2].b")]
    [InlineData(29, "low")]
    public void A_byte_of_a_record_has_the_name_that_C_gives_it(long offset, string name) =>
        Assert.Equal(name, FieldName.Of(Model, "struct card", offset));

    [Fact]
    public void A_byte_of_a_variable_too() => Assert.Equal("[2]", FieldName.OfGlobal(Model, "counts", 8));

    [Fact]
    public void What_the_model_does_not_know_has_no_name() => Assert.Null(FieldName.Of(Model, "struct other", 0));

    private static CRecord Record(string id, string spelling, int size, bool union, params CField[] fields) =>
        new(id, spelling, size, union, true, true, [.. fields], Location.None);
}
