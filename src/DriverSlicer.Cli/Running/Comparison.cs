// SPDX-License-Identifier: GPL-2.0-only
using System.Globalization;

namespace DriverSlicer.Cli.Running;

/// <summary>Microdriver divided by native, measured in turn in one boot.</summary>
/// <param name="Low">lower bound of the median's 95% interval (bootstrap)</param>
/// <param name="High">upper bound of it</param>
public sealed record Comparison(string Name, int Pairs, double Median, double Low, double High)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Median * 100:0.0}% ({Low * 100:0.0} to {High * 100:0.0}, {Pairs} {(Pairs == 1 ? "pair" : "pairs")})");

    public object Json() => new { median = Median, lower = Low, upper = High, pairs = Pairs };
}
