// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>
/// What the rules of kernel functions say of a function that was cut out, has no branch, and does no more with a pointer than hand it on to
/// one of them: in <c>f(p, n) { ioread16_rep(window, p, n); }</c> p leads to 2 n bytes. Of any other function this would be a guess, since it
/// may hand the pointer on in some cases only.
/// </summary>
internal static partial class HandedOn
{
    public static FunctionRule RuleOf(Function function, IReadOnlyDictionary<string, Function> functions, IReadOnlyDictionary<string, FunctionRule> rules)
    {
        var buffers = ImmutableSortedDictionary.CreateBuilder<int, string>();
        var written = ImmutableArray.CreateBuilder<int>();
        for (var i = 0; i < function.Parameters.Length; i++)
            if (IsBytes(function.Parameters[i].Type.Decayed()) && Of(function, i, functions, rules) is var (size, isWritten))
            {
                buffers[i] = size;
                if (isWritten)
                    written.Add(i);
            }

        return FunctionRule.Named(function.Name) with { Buffers = buffers.ToImmutable(), Out = written.ToImmutable() };
    }

    private static bool IsBytes(CType type) => type.IsVoidPointer || type.IsPointerToScalar();

    /// <summary>The size in bytes, over the function's own arguments, and whether they are only written; null if it is used in another way, or in several.</summary>
    private static (string Size, bool IsWritten)? Of(
        Function function, int index, IReadOnlyDictionary<string, Function> functions, IReadOnlyDictionary<string, FunctionRule> rules)
    {
        var node = new Node(NodeKind.Param, function.Id, "", index);
        var uses = function.Facts.Where(f => f is Access access ? access.Base == node : f is Flow flow && (flow.From == node || flow.To == node)).ToArray();
        if (uses is not [Flow { To: { Kind: NodeKind.Param } to, Offset: 0 }] || !functions.TryGetValue(to.Owner, out var callee)
            || !rules.TryGetValue(callee.Name, out var rule) || !rule.Buffers.TryGetValue(to.Index, out var size)
            || function.Facts.OfType<Call>().Where(c => c.Callee == callee.Id).ToArray() is not [var call])
            return null;
        var isKnown = true;
        var text = Argument().Replace(size, match =>
        {
            var own = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            if (own < call.Arguments.Length && own < callee.Parameters.Length)
                switch (call.Arguments[own])
                {
                    case { Constant: { } constant }:
                        return constant.ToString(CultureInfo.InvariantCulture);
                    // A narrower one there would be another number.
                    case { Parameter: { } handed } when function.Parameters[handed].Type.Size <= callee.Parameters[own].Type.Size:
                        return $"a{handed}";
                }

            isKnown = false;
            return "";
        });
        return isKnown ? (text, rule.Out.Contains(to.Index)) : null;
    }

    [GeneratedRegex(@"\ba(\d+)\b")]
    private static partial Regex Argument();
}
