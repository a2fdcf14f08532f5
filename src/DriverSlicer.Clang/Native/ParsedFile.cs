// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Clang.Native;

/// <summary>A file that Clang read, with the name a person knows it by.</summary>
internal sealed unsafe class ParsedFile(string path, string name, bool inDriver, bool isMain, byte* text, int length)
{
    public string Path => path;

    /// <summary>Relative to the driver's directory for its own files, to the headers directory for headers.</summary>
    public string Name => name;

    public bool InDriver => inDriver;

    public bool IsMain => isMain;

    public ReadOnlySpan<byte> Text => new(text, length);
}

/// <summary>A position in the original text: Clang's minus what was inserted.</summary>
internal readonly record struct Place(ParsedFile? File, int Line, int Column, int Offset);
