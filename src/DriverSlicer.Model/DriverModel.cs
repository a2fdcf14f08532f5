// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Model;

/// <summary>
/// Everything later stages know of a driver. Written and read as JSON (schema <see cref="CurrentSchema"/>); with a saved model no
/// Clang is needed. Every array is sorted or in source order, so equal input gives equal bytes.
/// </summary>
/// <param name="Driver">Module name as modprobe knows it, with underscores as in the .ko name's object (with dashes where Kbuild has them).</param>
/// <param name="Kernel">Release of the headers the driver was parsed with (6.1.0-56-amd64).</param>
public sealed record DriverModel(
    int Schema, string Driver, string Kernel,
    ImmutableArray<SourceFile> Files,
    ImmutableArray<CRecord> Records,
    ImmutableArray<Function> Functions,
    ImmutableArray<Global> Globals,
    ImmutableArray<Diagnostic> Diagnostics)
{
    public const int CurrentSchema = 1;

    /// <summary>Absolute directory of the driver's source: #include "..." of its files is resolved from here.</summary>
    public string SourceDirectory { get; init; } = "";

    /// <summary>Object files of the module in link order, relative to the driver's directory: for the kernel half's Kbuild file.</summary>
    public ImmutableArray<string> Objects { get; init; } = [];

    /// <summary>Compiler flags that the driver's own Kbuild file adds (ccflags-y and the like), include paths made absolute.</summary>
    public ImmutableArray<string> ExtraFlags { get; init; } = [];

    /// <summary>Locked regions that were made functions before this was read: the files' text holds them so.</summary>
    public ImmutableArray<OutlinedRegion> Outlined { get; init; } = [];

    public OutlinedRegion? OutlinedAs(Function function) => Outlined.FirstOrDefault(o => o.Name == function.Name && o.Unit == function.Unit);
}

/// <summary>One translation unit of the driver.</summary>
/// <param name="Path">Relative to the driver's directory (main.c).</param>
/// <param name="Text">The file as the kernel package ships it.</param>
/// <param name="Arguments">
/// Keep-listed compiler arguments harvested from Kbuild: those the user half is compiled with. Paths below the headers
/// directory are relative to it (the compile runs with that working directory).
/// </param>
/// <param name="InsertionOffset">
/// Byte offset right after the last #include line (outside any conditional) that precedes the first function body: where shims go.
/// </param>
/// <param name="Included">Driver-owned files that this unit includes (a header, a .c that is included), relative paths, with their text.</param>
public sealed record SourceFile(
    string Path, string Text, ImmutableArray<string> Arguments, int InsertionOffset, ImmutableArray<IncludedFile> Included)
{
    /// <summary>Directives that go before the shims, since all headers of the unit are included by the .c file that it includes; or null.</summary>
    public string? Early { get; init; }
}

/// <param name="InsertionOffset">
/// For an included .c file nothing is inserted; kept for symmetry of offsets (always 0).
/// </param>
public sealed record IncludedFile(string Path, string Text);

/// <summary>Byte range [Start, End) in the original text of <see cref="File"/> (UTF-8 offsets).</summary>
public sealed record Extent(string File, int Start, int End);

/// <summary>A parameter or a result.</summary>
public sealed record Parameter(string Name, CType Type);

public enum FunctionOrigin
{
    /// <summary>Defined in the driver's own text.</summary>
    Driver,

    /// <summary>Defined by a macro that the driver invokes (module_pci_driver): no text of its own.</summary>
    Macro,

    /// <summary>A static inline of a kernel header, with a body.</summary>
    HeaderInline,

    /// <summary>Only declared: a kernel function or another module's export.</summary>
    Extern,

    /// <summary>A macro of the kernel that specs/ turns into a call (INIT_WORK); declared by the shim header.</summary>
    MacroShim,
}

/// <summary>
/// A function and what its body does, in the terms of <see cref="Fact"/>. Header inlines are included as far as they are reachable from driver code.
/// </summary>
/// <param name="Id">USR; for a static of the driver the USR contains the file.</param>
/// <param name="Definition">Whole definition, from the first specifier to the closing brace; null without own text.</param>
/// <param name="Body">The compound statement with its braces; null without own text.</param>
/// <param name="Lines">Non-blank, non-comment lines of <see cref="Definition"/>; 0 without own text.</param>
/// <param name="Unit">Path of the translation unit that defines it; empty for externs.</param>
/// <param name="Attributes">init, exit, always_inline, noreturn, weak, noinline, section:NAME, alias:NAME,
/// format:N (printf-like with 1-based format index).</param>
public sealed record Function(
    string Id, string Name, FunctionOrigin Origin, string Unit, Location Location,
    Extent? Definition, Extent? Body, int Lines, bool IsStatic, bool IsInline, bool IsVariadic,
    CType Result, ImmutableArray<Parameter> Parameters, ImmutableArray<string> Attributes,
    string? Macro, ImmutableArray<Fact> Facts);

/// <summary>A variable with static storage: file scope, or local to a function (<see cref="Function"/> then names its owner's id).</summary>
/// <param name="IsExtern">Declared but not defined by the driver: a kernel data symbol (jiffies) or another module's export.</param>
/// <param name="InMacro">Name of the macro whose expansion declares it, or null (lock_class_key statics and the like).</param>
/// <param name="Initializer">Pointers stored by the static initialiser: path in the variable to function or variable.</param>
public sealed record Global(
    string Id, string Name, string Unit, Location Location, CType Type, bool IsStatic, bool IsExtern, bool IsConst,
    string? Function, string? InMacro, ImmutableArray<InitializerPointer> Initializer);

/// <summary>
/// <c>.probe = my_probe</c> inside a static initialiser: in record <see cref="Record"/> (innermost), field <see cref="Field"/>
/// receives the address of <see cref="Target"/>. Array indices are dropped: an initialiser of any element counts for all.
/// </summary>
public sealed record InitializerPointer(string Record, string Field, string Target, bool TargetIsFunction, Location Location);
