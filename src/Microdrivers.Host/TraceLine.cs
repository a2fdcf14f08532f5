// SPDX-License-Identifier: GPL-2.0-only
using System.Text.Unicode;

namespace Microdrivers.Host;

/// <summary>One event of a trace; Micros since the previous event of the same thread.</summary>
internal ref struct TraceEvent
{
    internal bool KernelLog;
    internal int Thread;
    internal double Micros;
    internal FrameKind Kind;
    internal uint Depth;
    internal ReadOnlySpan<byte> Name;
    internal ulong Value;
    internal ReadOnlySpan<ulong> Args;
}

/// <summary>
/// The text of an event, written in place without allocation:
/// <code>
///   412      +0.0 us  up    cp_open(0x10000a3c000)
///   412     +12.4 us    down  request_irq(0xb, 0x4005f0, 0x80)
///   412      +3.1 us    back  request_irq = 0xffffffea (-22)
///   412      +0.9 us  done  cp_open = 0xffffffea (-22)
/// </code>
/// </summary>
internal static class TraceLine
{
    internal const int MaxBytes = 640;
    internal const int MaxArgs = 12;
    const int MaxName = 128, MaxIndent = 40, MaxErrno = 4095;

    /// <returns>Bytes written, the line's end included.</returns>
    internal static int Format(Span<byte> into, TraceEvent one)
    {
        var at = 0;
        if (one.KernelLog)
            Put(into, ref at, "<7>microdriver: trace "u8);
        PutThread(into, ref at, one);
        for (var indent = 0; indent < Math.Min(2 * one.Depth, MaxIndent); indent++)
            Put(into, ref at, " "u8);
        Put(into, ref at, Verb(one.Kind));
        Put(into, ref at, one.Name[..Math.Min(one.Name.Length, MaxName)]);
        if (one.Kind is FrameKind.Upcall or FrameKind.Downcall)
            PutArgs(into, ref at, one.Args);
        else if (one.Kind is FrameKind.Return or FrameKind.Result)
            PutResult(into, ref at, one.Value);
        Put(into, ref at, "\n"u8);
        return at;
    }

    static ReadOnlySpan<byte> Verb(FrameKind kind) => kind switch
    {
        FrameKind.Upcall => "up    "u8,
        FrameKind.Return => "done  "u8,
        FrameKind.Downcall => "down  "u8,
        FrameKind.Result => "back  "u8,
        FrameKind.Exit => "exit  "u8,
        _ => "ready "u8,
    };

    static void PutThread(Span<byte> into, ref int at, in TraceEvent one)
    {
        Utf8.TryWrite(into[at..], $"{one.Thread,6} {one.Micros,10:+0.0} us  ", out var written);
        at += written;
    }

    static void PutArgs(Span<byte> into, ref int at, ReadOnlySpan<ulong> args)
    {
        for (var index = 0; index < Math.Min(args.Length, MaxArgs); index++)
        {
            Put(into, ref at, index == 0 ? "(0x"u8 : ", 0x"u8);
            PutHex(into, ref at, args[index]);
        }
        Put(into, ref at, args.Length == 0 ? "()"u8 : ")"u8);
    }

    static void PutResult(Span<byte> into, ref int at, ulong value)
    {
        Put(into, ref at, " = 0x"u8);
        PutHex(into, ref at, value);

        // An int comes back with its upper half clear or sign-extended.
        var signed = value <= uint.MaxValue ? (int)value : (long)value;
        if (signed is < 0 and >= -MaxErrno)
        {
            Utf8.TryWrite(into[at..], $" ({signed})", out var written);
            at += written;
        }
    }

    static void PutHex(Span<byte> into, ref int at, ulong value)
    {
        value.TryFormat(into[at..], out var written, "x", null);
        at += written;
    }

    static void Put(Span<byte> into, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(into[at..]);
        at += text.Length;
    }
}
