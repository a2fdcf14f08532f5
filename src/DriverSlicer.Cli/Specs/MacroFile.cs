// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Specs;

/// <summary>macros.toml: kernel macros that become one call. In file order: shims are emitted in it.</summary>
internal static class MacroFile
{
    private static readonly string[] Keys = ["name", "prototype", "why"];

    public static ImmutableArray<MacroShim> Read(SpecText text)
    {
        var duplicates = new Duplicates();
        var shims = ImmutableArray.CreateBuilder<MacroShim>();
        foreach (var table in text.Rules("macro", Keys))
        {
            table.Required("why");
            var shim = new MacroShim(table.Required("name"), table.Required("prototype"), []);
            duplicates.Refuse(shim.Name, table.At("name"));
            if (!shim.Prototype.Contains(shim.Symbol + "(", StringComparison.Ordinal))
                throw SpecTrouble.Malformed(table.At("prototype"), "prototype", $"must declare {shim.Symbol}");
            shims.Add(shim);
        }

        return shims.ToImmutable();
    }
}
