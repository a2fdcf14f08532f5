// SPDX-License-Identifier: GPL-2.0-only
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DriverSlicer.Lab;

/// <summary>
/// What QEMU's wav back end heard of a sound card, as lines of transcript: what must be equal in two runs, and nothing that the emulator's
/// clock decides. That is how long a pause between two sounds is, hence silence is left out, and where two players meet, hence each channel
/// stands for itself. A constant (<c>level</c>) keeps its value and its length at any rate of the card; of anything else every sample counts,
/// so that belongs at the recording's own rate. Between two constants of another rate the resampler puts a few values of its own: left out.
/// </summary>
public static class Recording
{
    /// <summary>Equal samples in a row that make a constant; a resampler's edges are shorter.</summary>
    private const int Constant = 64;

    /// <summary>Zero; and of unsigned bytes, as QEMU hears them, silence and memory that is still empty.</summary>
    private static ReadOnlySpan<short> Silence => [0, 256, -32512];

    public static ImmutableArray<string> Describe(string file)
    {
        try
        {
            return Describe(File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            throw new LabException($"{file}: {e.Message}", e);
        }
    }

    /// <param name="wav">16 bits, stereo; the length in its header is not looked at: a QEMU that was ended did not fill it in</param>
    public static ImmutableArray<string> Describe(ReadOnlySpan<byte> wav)
    {
        var (format, data) = (wav.IndexOf("fmt "u8), wav.IndexOf("data"u8));
        if (format < 0 || data < format + 24 || wav[format + 10] != 2 || wav[format + 22] != 16)
            throw new ArgumentException("not a recording of two channels of 16 bits");
        var rate = BinaryPrimitives.ReadInt32LittleEndian(wav[(format + 12)..]);
        var bytes = wav[(data + 8)..];
        var samples = MemoryMarshal.Cast<byte, short>(bytes[..(bytes.Length & ~3)]);
        var lines = ImmutableArray.CreateBuilder<string>();
        foreach (var (name, offset) in new[] { ("left", 0), ("right", 1) })
        {
            var channel = new List<short>();
            for (var i = offset; i < samples.Length; i += 2)
            {
                if (!Silence.Contains(samples[i]))
                    channel.Add(samples[i]);
            }
            lines.AddRange(Segments(CollectionsMarshal.AsSpan(channel), rate).Select(s => $"{name}: {s}"));
        }
        return lines.ToImmutable();
    }

    private static List<string> Segments(ReadOnlySpan<short> channel, int rate)
    {
        var (lines, from) = (new List<string>(), 0);
        for (int i = 0, next; i < channel.Length; i = next)
        {
            next = i + 1;
            while (next < channel.Length && channel[next] == channel[i])
                next++;
            if (next - i < Constant)
                continue;
            Other(channel[from..i], lines);
            var centiseconds = Math.Round(100.0 * (next - i) / rate);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"level {channel[i]} for {centiseconds * 10} ms"));
            from = next;
        }
        Other(channel[from..], lines);
        return lines;
    }

    private static void Other(ReadOnlySpan<short> samples, List<string> lines)
    {
        if (samples.Length >= Constant)
            lines.Add($"{samples.Length} samples {Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(samples)))[..16]}");
    }
}
