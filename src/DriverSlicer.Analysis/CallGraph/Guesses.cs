// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// Where a call with an <see cref="EdgeKind.Unknown"/> edge may go besides: to every driver function whose address is taken and that
/// could be called so. C leaves a call through a pointer of another type undefined, so the number of arguments must agree, and each
/// must be of a kind with its parameter: numbers with numbers, a record with the same record or with void.
/// </summary>
internal static class Guesses
{
    public static ImmutableArray<CallEdge> Of(DriverModel model, FunctionPointers pointers, IReadOnlySet<string> taken, ImmutableArray<CallEdge> edges)
    {
        var candidates = model.Functions.Where(f => f.Origin is FunctionOrigin.Driver or FunctionOrigin.Macro && taken.Contains(f.Id)).ToArray();
        return
        [
            .. from edge in edges
               where edge.Kind == EdgeKind.Unknown && edge.Fact.Callee is null
               let known = edge.Fact.Through is { } through ? pointers.Held(through) : null
               from candidate in candidates
               where known?.ContainsKey(candidate.Id) != true && Fits(edge.Fact, candidate)
               select edge with { Callee = candidate, Kind = EdgeKind.Guess },
        ];
    }

    private static bool Fits(Call call, Function function) =>
        (function.IsVariadic ? call.Arguments.Length >= function.Parameters.Length : call.Arguments.Length == function.Parameters.Length)
        && function.Parameters.Zip(call.Arguments).All(pair => Fits(pair.Second, pair.Second.Type, pair.First.Type));

    private static bool Fits(Argument value, CType argument, CType parameter) =>
        (IsAddress(argument) == IsAddress(parameter) || value.Constant == 0)
        && (argument.PointeeRecord is not { } passed || parameter.PointeeRecord is not { } taken || passed == taken);

    private static bool IsAddress(CType type) => type.Kind is CKind.Pointer or CKind.Array or CKind.Function;
}
