// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.FieldAccess;

/// <summary>Why something cannot be marshaled. The diagnostic's number is 500 plus the value.</summary>
internal enum Trouble
{
    Unsupported = 1,
    Assembly = 2,
    UnknownCallee = 3,
    MadePointer = 4,
    OtherView = 5,
    KernelVariable = 6,
    LocalStatic = 7,
    MacroStatic = 8,
    LocalAddress = 9,
    UnknownSize = 10,
    Prototype = 11,
    EntryParameter = 12,
    AllocationType = 13,
    UnknownResult = 14,
    UnknownLength = 15,
    Union = 16,
    PointerToPointer = 17,
    PrintedRecord = 18,
    FlexibleArray = 19,
    Layout = 20,
    Literal = 21,
    PointerAsNumber = 22,
    StackEscape = 23,
    Ruled = 24,
    Unmapped = 25,
    MixedMemory = 26,
}

/// <summary>Something in a function (by id; perhaps an inline) that has no sound plan.</summary>
internal sealed record Problem(Trouble Trouble, string Function, Location Location, string Message)
{
    /// <summary>In place of what the catalogue says to all such.</summary>
    public string? Next { get; init; }
}
