// SPDX-License-Identifier: GPL-2.0-only
using System.Text.RegularExpressions;
using DriverSlicer.Model;

namespace DriverSlicer.Emit.Kernel;

/// <summary>
/// init_module and cleanup_module of a module whose driver has none: the host must be started and stopped all the same. A driver with an
/// init but no exit cannot be unloaded, and stays that way.
/// </summary>
internal static partial class ModuleEnds
{
    public static string Text(Slice slice)
    {
        var hasInit = Has(slice, "init", InitUse());
        var hasExit = Has(slice, "exit", ExitUse());
        return (hasInit ? "" : Init) + (hasInit || hasExit ? "" : Exit);
    }

    private const string Init = """

        int __init init_module(void)
        {
        	return md_attach(&md_module);
        }

        """;

    private const string Exit = """

        void __exit cleanup_module(void)
        {
        	md_detach(&md_module);
        }

        """;

    /// <summary>Invoked in the driver's text, or by one of the kernel's macros (module_pci_driver) in an invocation of the driver's.</summary>
    private static bool Has(Slice slice, string attribute, Regex use) =>
        slice.Units.Any(unit => use.IsMatch(unit.Source.Text) || unit.Source.Included.Any(file => use.IsMatch(file.Text)))
        || slice.Plan.Model.Functions.Any(function => function.Origin == FunctionOrigin.Macro && function.Attributes.Contains(attribute));

    [GeneratedRegex(@"^\s*(module_init|\w+_initcall(_sync)?|module_\w*driver)\s*\(", RegexOptions.Multiline)]
    private static partial Regex InitUse();

    [GeneratedRegex(@"^\s*(module_exit|module_\w*driver)\s*\(", RegexOptions.Multiline)]
    private static partial Regex ExitUse();
}
