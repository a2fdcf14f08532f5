// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Model;

/// <summary>Ctrl-C, for work that only computes: whoever works for long asks between one part and the next.</summary>
public static class Interruption
{
    /// <summary>Set once, when the program begins.</summary>
    public static CancellationToken Token { get; set; }

    /// <exception cref="OperationCanceledException">The user wants it to stop.</exception>
    public static void Check() => Token.ThrowIfCancellationRequested();
}
