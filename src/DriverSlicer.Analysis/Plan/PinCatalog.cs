// SPDX-License-Identifier: GPL-2.0-only
using System.Globalization;
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>The diagnostics of constructs that keep a function in the kernel half: DS0501 and up, each with its next step.</summary>
internal static class PinCatalog
{
    public static string Id(Trouble trouble) => string.Create(CultureInfo.InvariantCulture, $"DS{500 + (int)trouble:0000}");

    public static Diagnostic Diagnostic(Function function, Pin pin) => new(
        pin.DiagnosticId, Severity.Warning, pin.Location, $"{function.Name} stays in the kernel half: {pin.Reason}", pin.Next ?? Next(pin.DiagnosticId));

    private static string Next(string id) => (Trouble)(int.Parse(id.AsSpan(2), CultureInfo.InvariantCulture) - 500) switch
    {
        Trouble.Unsupported => "nothing to do; to move the function, write the statement in plain C or teach the front end the construct",
        Trouble.Assembly => "nothing to do; if the assembly is in a header inline that may run in user mode, give that inline a rule with inline = \"local\" in specs/kernel-api.toml",
        Trouble.UnknownCallee => "nothing to do; the function moves if the pointer is set by the driver itself",
        Trouble.MadePointer or Trouble.PointerAsNumber => "nothing to do; the function moves if the pointer stays a pointer",
        Trouble.OtherView => "nothing to do; the function moves if each pointer is used as one type, at constant offsets",
        Trouble.KernelVariable => "nothing to do; the function moves if a kernel function is called instead of reading the variable",
        Trouble.LocalStatic => "nothing to do; the function moves if the variable is declared at file scope",
        Trouble.MacroStatic => "nothing to do; if the macro can be one call, add it to specs/macros.toml",
        Trouble.LocalAddress => "nothing to do; the function moves if the object is allocated",
        Trouble.UnknownSize => "nothing to do; the function moves if the callee, which is the driver's own, moves too or its argument's type says how much it uses",
        Trouble.Prototype => "nothing to do; such a prototype cannot be a downcall",
        Trouble.EntryParameter => "nothing to do; what the driver's own kernel half passes stays there, and so does what no prototype can say",
        Trouble.AllocationType => "nothing to do; the function moves if each allocation is used as one record type, one allocation to a line",
        Trouble.UnknownResult => "nothing to do; the function moves if the result is always used as one record",
        Trouble.UnknownLength => "nothing to do; lengths are known of memory that the user half itself allocates, so moving the allocating function may help",
        Trouble.Union => "nothing to do; the function moves if it uses one member of the union",
        Trouble.PointerToPointer => "nothing to do; the function moves if the pointers lie in a record",
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
