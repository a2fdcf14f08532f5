// SPDX-License-Identifier: GPL-2.0-only
using System.Text.RegularExpressions;

namespace DriverSlicer.Lab;

/// <summary>Quotes a word for /bin/sh; plain words stay readable.</summary>
internal static partial class ShellQuote
{
    public static string Word(string s) => Plain().IsMatch(s) ? s : "'" + s.Replace("'", "'\\''") + "'";

    [GeneratedRegex(@"^[A-Za-z0-9_./:=,+-]+$")]
    private static partial Regex Plain();
}
