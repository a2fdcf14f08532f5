// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Specs;

/// <summary>null.toml and errors.toml: which functions take NULL, or an error pointer, for which argument.</summary>
internal static class ArgumentFile
{
    private static readonly string[] Keys = ["argument", "functions", "why"];

    public static ImmutableHashSet<(string Function, int Argument)> Read(SpecText text, string tables)
    {
        var duplicates = new Duplicates();
        var found = ImmutableHashSet.CreateBuilder<(string, int)>();
        foreach (var table in text.Rules(tables, Keys))
        {
            table.Required("why");
            var argument = table.Number("argument", 0);
            foreach (var name in KernelApiFile.Names(table))
            {
                duplicates.Refuse($"{name} {argument}", table.At("functions"));
                found.Add((name, argument));
            }
        }

        return found.ToImmutable();
    }
}
