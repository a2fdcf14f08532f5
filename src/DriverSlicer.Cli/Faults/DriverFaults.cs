// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Lab.Faults;

namespace DriverSlicer.Cli.Faults;

/// <param name="Results">of points that were tried; some may not have struck</param>
/// <param name="Others">complaints of the kernel, and failed checks, outside of any fault</param>
public sealed record DriverFaults(string Driver, ImmutableArray<FaultResult> Results, ImmutableArray<string> Others)
{
    public IEnumerable<FaultResult> Promised => Results.Where(r => r.Struck > 0 && FaultKind.Named(r.Point.Kind).Promised);

    public IEnumerable<FaultResult> NotPromised => Results.Where(r => r.Struck > 0 && !FaultKind.Named(r.Point.Kind).Promised);
}
