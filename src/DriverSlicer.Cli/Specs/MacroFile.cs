// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Specs;

/// <summary>macros.toml: kernel macros that become one call. In file order: shims are emitted in it.</summary>
internal static class MacroFile
{
    private static readonly string[] Keys = ["name", "prototype", "lock_class", "why"];

    public static ImmutableArray<MacroShim> Read(SpecText text)
    {
        var duplicates = new Duplicates();
        var shims = ImmutableArray.CreateBuilder<MacroShim>();
        foreach (var table in text.Rules("macro", Keys))
        {
            table.Required("why");
            var shim = new MacroShim(table.Required("name"), table.Required("prototype"), []) { LockClass = table.Flag("lock_class") };
            duplicates.Refuse(shim.Name, table.At("name"));
            if (!shim.Prototype.Contains(shim.Symbol + "(", StringComparison.Ordinal))
                throw SpecTrouble.Malformed(table.At("prototype"), "prototype", $"must declare {shim.Symbol}");
            if (shim.LockClass && !shim.Prototype.Contains("*a0", StringComparison.Ordinal))
                throw SpecTrouble.Malformed(table.At("lock_class"), "lock_class", "needs a pointer a0, to what has the lock");
            shims.Add(shim);
        }

        return shims.ToImmutable();
    }
}
