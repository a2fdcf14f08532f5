// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using DriverSlicer.Clang.Native;
using DriverSlicer.Model;

namespace DriverSlicer.Clang.Lowering;

/// <summary>
/// What the units of a driver read so far have in common with the next: its own headers, the kernel's records and inlines. Hundreds of units
/// that each keep a copy take gigabytes; <see cref="Merge"/> would throw all but one away.
/// </summary>
internal sealed class SeenBefore
{
    private readonly Dictionary<string, string> texts = [];
    private readonly HashSet<string> records = [];
    private readonly HashSet<string> inlines = [];

    /// <summary>The same string for the same file.</summary>
    public string Text(ParsedFile file)
    {
        lock (texts)
            return texts.TryGetValue(file.Name, out var known) ? known : texts[file.Name] = Encoding.UTF8.GetString(file.Text);
    }

    /// <summary>Without the records and header inlines that an earlier unit has.</summary>
    public UnitModel New(UnitModel unit) => unit with
    {
        Records = [.. unit.Records.Where(r => r.Fields.IsEmpty || records.Add(r.Id))],
        Functions = [.. unit.Functions.Where(f => f.Origin != FunctionOrigin.HeaderInline || inlines.Add(f.Id))],
    };
}
