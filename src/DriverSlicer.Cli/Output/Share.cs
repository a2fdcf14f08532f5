// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Output;

/// <summary>How a driver's functions and their lines divide. Functions that a macro generated have no text of their own and are not counted.</summary>
public sealed record Share(int UserFunctions, int KernelFunctions, int UserLines, int KernelLines)
{
    public double UserPercent => UserLines + KernelLines == 0 ? 0 : 100.0 * UserLines / (UserLines + KernelLines);

    public static Share Of(IEnumerable<Sliced> all) => all.Select(Of).Aggregate(
        (a, b) => new Share(a.UserFunctions + b.UserFunctions, a.KernelFunctions + b.KernelFunctions, a.UserLines + b.UserLines, a.KernelLines + b.KernelLines));

    public static Share Of(Sliced sliced)
    {
        var own = sliced.Plan.Functions.Where(p => sliced.ById[p.Function].Origin == FunctionOrigin.Driver).ToArray();
        var user = own.Where(p => p.Half == Half.User).ToArray();
        var kernel = own.Where(p => p.Half == Half.Kernel).ToArray();
        return new Share(user.Length, kernel.Length, user.Sum(Lines), kernel.Sum(Lines));

        int Lines(Placed p) => sliced.ById[p.Function].Lines;
    }
}
