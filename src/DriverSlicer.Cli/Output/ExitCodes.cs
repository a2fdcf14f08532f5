// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Cli.Output;

/// <summary>What the process says by its exit code; scripts rely on it.</summary>
public static class ExitCodes
{
    public const int Fine = 0;

    /// <summary>The driver or the kernel under test failed.</summary>
    public const int Failed = 1;

    public const int Usage = 2;

    /// <summary>The slicer refused; diagnostics say why.</summary>
    public const int Refused = 3;

    /// <summary>The lab itself failed.</summary>
    public const int Lab = 4;

    /// <summary>Ctrl-C or SIGTERM.</summary>
    public const int Stopped = 130;
}
