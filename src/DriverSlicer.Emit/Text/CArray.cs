// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;

namespace DriverSlicer.Emit.Text;

/// <summary>A static table, left out when it has no rows: C has no empty arrays, and the runtime takes NULL for one.</summary>
internal sealed record CArray(string Declaration, string Name, ImmutableArray<string> Rows)
{
    /// <summary>What the owner of the table stores: its name, or NULL.</summary>
    public string Reference => Rows.IsEmpty ? "NULL" : Name;

    public string Count => Rows.Length.ToString(CultureInfo.InvariantCulture);

    /// <summary>The definition with <paramref name="comment"/> above it, or nothing.</summary>
    public string Define(string comment)
    {
        if (Rows.IsEmpty)
        {
            return "";
        }

        var rows = string.Concat(Rows.Select(row => $"\t{row}\n"));
        return $"/* {comment} */\n{Declaration} {Name}[] = {{\n{rows}}};\n\n";
    }
}
