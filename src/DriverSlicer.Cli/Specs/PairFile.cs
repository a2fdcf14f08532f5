// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Specs;

/// <summary>pairs.toml: what undoes what.</summary>
internal static class PairFile
{
    private const int MostKeys = 3;

    private const int MostKeysInPassing = 6;

    private static readonly string[] Keys = ["acquire", "success", "release", "keys", "lock", "once", "passing", "why"];

    private static readonly string[] SuccessWords = ["always", "mapped", "nonnegative", "nonnull", "nonzero", "zero"];

    public static ImmutableArray<PairRule> Read(SpecText text)
    {
        var duplicates = new Duplicates();
        var pairs = ImmutableArray.CreateBuilder<PairRule>();
        foreach (var table in text.Rules("pair", Keys))
        {
            var success = table.Required("success");
            if (!SuccessWords.Contains(success))
                throw SpecTrouble.BadValue(table.At("success"), "success", success, SuccessWords);
            var keys = table.Texts("keys");
            var passing = table.Flag("passing");
            var most = passing ? MostKeysInPassing : MostKeys;
            var isLock = table.Flag("lock");
            if ((keys.IsEmpty && !isLock) || keys.Length > most)
                throw SpecTrouble.Malformed(table.At("keys"), "keys", $"must name one to {most} of the release's arguments");
            foreach (var key in keys)
                Expression.Checked(table.At("keys"), "keys", key);
            foreach (var acquire in Acquires(table))
            {
                duplicates.Refuse($"{acquire} -> {table.Required("release")}", table.Location);
                pairs.Add(new PairRule(acquire, success, table.Required("release"), keys) { Passing = passing, Lock = isLock, Once = table.Flag("once") });
            }
        }

        pairs.Sort((a, b) => string.CompareOrdinal(a.Acquire + " " + a.Release, b.Acquire + " " + b.Release));
        return pairs.ToImmutable();
    }

    private static ImmutableArray<string> Acquires(SpecTable table) =>
        table.Texts("acquire") is { IsEmpty: false } names ? names : throw SpecTrouble.Missing(table.Location, "acquire", "[[pair]]");
}
