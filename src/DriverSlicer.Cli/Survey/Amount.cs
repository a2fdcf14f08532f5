// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Cli.Survey;

/// <summary>Functions of the drivers' own text, and their lines (neither blank nor only comment).</summary>
public readonly record struct Amount(int Functions, int Lines)
{
    public static Amount operator +(Amount a, Amount b) => new(a.Functions + b.Functions, a.Lines + b.Lines);
}
