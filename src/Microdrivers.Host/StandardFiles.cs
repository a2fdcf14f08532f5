// SPDX-License-Identifier: GPL-2.0-only
namespace Microdrivers.Host;

internal static class StandardFiles
{
    const int StandardError = 2;

    /// <summary>Puts /dev/null on every number of 0..2 that is free. True: standard error was closed, as the kernel leaves it.</summary>
    internal static bool Fill()
    {
        int file;
        var filledError = false;
        do
        {
            file = Libc.Open("/dev/null", Libc.ReadWrite, 0);
            filledError |= file == StandardError;
        } while (file is >= 0 and <= StandardError);

        if (file > StandardError)
            _ = Libc.Close(file);
        return filledError;
    }
}
