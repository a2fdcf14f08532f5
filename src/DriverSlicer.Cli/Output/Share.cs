// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Output;

/// <summary>How a driver's functions and their lines divide. Functions that a macro generated count as functions but have no lines.</summary>
public sealed record Share(int UserFunctions, int KernelFunctions, int UserLines, int KernelLines)
{
    public double UserPercent => UserLines + KernelLines == 0 ? 0 : 100.0 * UserLines / (UserLines + KernelLines);

    public static Share Of(Sliced sliced)
    {
        var user = sliced.Plan.Functions.Where(p => p.Half == Half.User).ToArray();
        var kernel = sliced.Plan.Functions.Where(p => p.Half == Half.Kernel).ToArray();
        return new Share(user.Length, kernel.Length, user.Sum(Lines), kernel.Sum(Lines));

        int Lines(Placed p) => sliced.ById[p.Function].Lines;
    }
}
