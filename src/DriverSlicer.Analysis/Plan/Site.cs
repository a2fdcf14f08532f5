// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>A call of the user half that leaves it.</summary>
internal sealed record Site(Function Caller, Call Call)
{
    public Argument? Argument(int index) => index < Call.Arguments.Length ? Call.Arguments[index] : null;
}
