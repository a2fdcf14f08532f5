// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Emit.Report;

/// <summary>All of report/.</summary>
internal static class Reports
{
    public static IEnumerable<OutputFile> Write(Slice slice) =>
    [
        new("report/manifest.txt", Manifest.Text(slice)),
        new("report/slice.json", SliceJson.Text(slice)),
    ];
}
