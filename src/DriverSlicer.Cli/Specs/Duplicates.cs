// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Specs;

internal sealed class Duplicates
{
    private readonly Dictionary<string, Location> seen = new(StringComparer.Ordinal);

    public void Refuse(string entry, Location at)
    {
        if (!seen.TryAdd(entry, at))
            throw SpecTrouble.Duplicate(at, entry, seen[entry]);
    }
}
