// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Lab.Faults;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Lab;

public class FaultTargetTests
{
    private static readonly CType Int = new(CKind.Int, 4, "int", IsSigned: true);
    private static readonly CType Unsigned = new(CKind.Int, 4, "unsigned int");
    private static readonly CType Pointer = new(CKind.Pointer, 8, "void *", Element: CType.Void);

    private static Downcall Call(string name, DownResult result, params DownParameterKind[] parameters) => new(
        "id " + name, name, DowncallKind.Extern, "card.c", [.. parameters.Select(p => new DownParameter(p, Pointer))], result, -1, [], IsRelease: false, Variadic: false);

    private static FaultTarget Of(Downcall call) => FaultTarget.Of(new SlicePlan(
        null!, [], [], [], [], [], [call], [], [], []))[call.Name];

    [Fact]
    public void What_returns_an_int_or_hands_something_out_can_fail()
    {
        Assert.Equal(unchecked((uint)-12), Of(Call("enable", new(DownResultKind.Scalar, Int))).Failure);
        Assert.Equal(0ul, Of(Call("get", new(DownResultKind.Allocation, Pointer))).Failure);
        Assert.Equal(0ul, Of(Call("map", new(DownResultKind.Mmio, Pointer, Size: "a1"))).Failure);
    }

    [Fact]
    public void What_only_says_something_or_gives_back_cannot()
    {
        Assert.Null(Of(Call("count", new(DownResultKind.Scalar, Unsigned))).Failure);
        Assert.Null(Of(Call("do", new(DownResultKind.Void, CType.Void))).Failure);
        Assert.Null(Of(Call("say", new(DownResultKind.Scalar, Int)) with { Variadic = true }).Failure);
        Assert.Null(Of(Call("put", new(DownResultKind.Scalar, Int)) with { IsRelease = true }).Failure);
        Assert.Null(Of(Call("put", new(DownResultKind.Scalar, Int)) with { Consumes = true }).Failure);
    }

    [Fact]
    public void Where_the_size_of_mapped_registers_stands_is_known()
    {
        Assert.Equal(1, Of(Call("map", new(DownResultKind.Mmio, Pointer, Size: "a1"))).RegisterBytes);
        Assert.Equal(-1, Of(Call("get", new(DownResultKind.Allocation, Pointer, Size: "a1"))).CoherentBytes);
        Assert.Equal(2, Of(Call("get", new DownResult(DownResultKind.Allocation, Pointer, Size: "(u64)(a2)") { Coherent = true })).CoherentBytes);
    }

    [Fact]
    public void Every_kind_is_one_that_the_user_half_can_do()
    {
        var injector = File.ReadAllText(Path.Combine(Checkout.Root, "user/md_faults.c"));
        Assert.All(FaultKind.All, k => Assert.Contains($"\"{k.Name}\"", injector, StringComparison.Ordinal));
    }
}
