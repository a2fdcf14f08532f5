// SPDX-License-Identifier: GPL-2.0-only
using System.Globalization;

namespace DriverSlicer.Analysis.Plan;

/// <summary>
/// Memory of a length that is known although no record type tells it: a MAC address that is read at constant offsets, a page for a sysfs
/// attribute. In the plan it is a type like any other, <c>unsigned char[N]</c>, with one field.
/// </summary>
internal static class ByteBlock
{
    public const int Max = 1 << 16;

    private const string Prefix = "bytes:";

    public static string Id(long size) => Prefix + size.ToString(CultureInfo.InvariantCulture);

    public static bool Is(string record) => record.StartsWith(Prefix, StringComparison.Ordinal);

    public static int SizeOf(string record) => int.Parse(record.AsSpan(Prefix.Length), CultureInfo.InvariantCulture);

    public static string Spelling(string record) => string.Create(CultureInfo.InvariantCulture, $"unsigned char[{SizeOf(record)}]");
}
