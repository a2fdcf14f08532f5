// SPDX-License-Identifier: GPL-2.0-only
using System.Globalization;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>The diagnostics of constructs that keep a function in the kernel half: DS0501 and up, each with its next step.</summary>
internal static class PinCatalog
{
    private const string Rule = "say it in specs/kernel-api.toml";

    public static string Id(Trouble trouble) => string.Create(CultureInfo.InvariantCulture, $"DS{500 + (int)trouble:0000}");

    public static Diagnostic Diagnostic(Function function, Pin pin) => new(
        pin.DiagnosticId, Severity.Warning, pin.Location, $"{function.Name} stays in the kernel half: {pin.Reason}", pin.Next ?? Next(pin.DiagnosticId));

    private static string Next(string id) => (Trouble)(int.Parse(id.AsSpan(2), CultureInfo.InvariantCulture) - 500) switch
    {
        Trouble.Unsupported => "nothing to do; to move the function, write the statement in plain C or teach the front end the construct",
        Trouble.Assembly => "nothing to do; if the assembly is in a header inline that may run in user mode, give it inline = \"local\" in specs/kernel-api.toml",
        Trouble.UnknownCallee => "nothing to do; the function moves if the pointer is set by the driver itself",
        Trouble.MadePointer or Trouble.PointerAsNumber => "nothing to do; the function moves if the pointer stays a pointer",
        Trouble.OtherView => "nothing to do; the function moves if each pointer is used as one type, at constant offsets",
        Trouble.KernelVariable => "nothing to do; the function moves if a kernel function is called instead of reading the variable",
        Trouble.LocalStatic => "nothing to do; the function moves if the variable is declared at file scope",
        Trouble.MacroStatic => "nothing to do; if the macro can be one call, add it to specs/macros.toml",
        Trouble.LocalAddress => $"if the callee does not keep the pointer, {Rule}: buffers = {{ N = \"sizeof(*aN)\" }}",
        Trouble.UnknownSize => $"{Rule} how many bytes the callee uses: buffers = {{ N = \"C expression over a0, a1, ...\" }}",
        Trouble.Prototype => "nothing to do; such a prototype cannot be a downcall",
        Trouble.EntryParameter => "if the kernel knows the length, say it in specs/entry-points.toml: arrays = { N = \"C expression over a0, a1, ...\" }; what the driver's own kernel half passes stays there",
        Trouble.AllocationType => "nothing to do; the function moves if each allocation is used as one record type, one allocation to a line",
        Trouble.UnknownResult => $"if the result is an allocation or a register window, {Rule}: alloc_size, mmio_size",
        Trouble.UnknownLength => "nothing to do; lengths are known of memory that the user half itself allocates, so moving the allocating function may help",
        Trouble.Union => "nothing to do; the function moves if it uses one member of the union",
        Trouble.PointerToPointer => $"if the callee only needs the address, {Rule}: opaque = [N]",
        Trouble.PrintedRecord => "nothing to do; the function moves if it prints numbers and strings instead",
        Trouble.FlexibleArray => "nothing to do; arrays travel when their type has a length",
        Trouble.Layout => "nothing to do; the function moves if the type has a name and a complete definition",
        Trouble.Literal => "nothing to do; the function moves if the field is a char pointer",
        Trouble.StackEscape => "nothing to do; the function moves if the object is allocated",
        Trouble.Unmapped => "nothing to do; the function moves if the functions that map the memory are in the user half too, and no pointers lie in it",
        Trouble.MixedMemory => "nothing to do; the function moves if a pointer leads to mapped memory always, or never",
        Trouble.Ruled => "nothing to do; the rule in specs/kernel-api.toml gives the reason",
        _ => throw new ArgumentOutOfRangeException(nameof(id), id, "no such diagnostic"),
    };
}
