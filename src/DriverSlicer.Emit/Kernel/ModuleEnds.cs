// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Emit.Kernel;

/// <summary>
/// init_module and cleanup_module of a module whose driver has none: the host must be started and stopped all the same. A driver with an
/// init but no exit cannot be unloaded, and stays that way.
/// </summary>
internal static class ModuleEnds
{
    public static string Text(Slice slice)
    {
        // Whatever macro the driver uses for it, the kernel finds both under these names.
        var hasInit = slice.Plan.Model.Functions.Any(function => function.Name == "init_module");
        var hasExit = slice.Plan.Model.Functions.Any(function => function.Name == "cleanup_module");
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
}
