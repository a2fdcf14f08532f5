// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Lab.Faults;

/// <summary>What the campaign must know of one downcall of a driver.</summary>
/// <param name="Failure">its result when it fails; null: its prototype leaves it no way to</param>
/// <param name="RegisterBytes">index of the argument that says how many bytes of registers it maps, or -1</param>
/// <param name="CoherentBytes">the same of memory that the device writes too</param>
public sealed record FaultTarget(
    string Name, bool TakesPointer, bool TakesNumber, ulong? Failure, bool Acquires, bool Releases, bool Frees, int RegisterBytes = -1, int CoherentBytes = -1)
{
    private const ulong NoMemory = unchecked((ulong)-12);

    public static ImmutableSortedDictionary<string, FaultTarget> Of(SlicePlan plan) =>
        plan.Downcalls.Select(Of).ToImmutableSortedDictionary(t => t.Name, t => t, StringComparer.Ordinal);

    private static FaultTarget Of(Downcall call) => new(
        call.Name,
        call.Parameters.Any(p => p.Kind is DownParameterKind.Object or DownParameterKind.Opaque),
        call.Parameters.Any(p => p.Kind == DownParameterKind.Scalar),
        FailureOf(call),
        !call.Acquires.IsEmpty,
        call.IsRelease || call.Consumes,
        call.Frees >= 0,
        call.Result.Kind == DownResultKind.Mmio ? ArgumentOf(call.Result.Size) : -1,
        call.Result.Coherent ? ArgumentOf(call.Result.Size) : -1);

    /// <summary>What hands out memory, registers or an object can have none; an int can be an error. What gives something back, or only says something, cannot fail.</summary>
    private static ulong? FailureOf(Downcall call) => call switch
    {
        { Variadic: true } or { IsRelease: true } or { Consumes: true } => null,
        { Result.Kind: DownResultKind.Mmio or DownResultKind.Allocation or DownResultKind.Object } => 0,
        { Result: { Kind: DownResultKind.Scalar, CType: { Kind: CKind.Int, IsSigned: true, Size: 4 } } } => NoMemory & uint.MaxValue,
        _ => null,
    };

    /// <summary>"a1" is 1; an expression's first argument otherwise.</summary>
    private static int ArgumentOf(string? size)
    {
        var at = size?.IndexOf('a') ?? -1;
        return at >= 0 && at + 1 < size!.Length && char.IsAsciiDigit(size[at + 1]) ? size[at + 1] - '0' : 15;
    }
}
