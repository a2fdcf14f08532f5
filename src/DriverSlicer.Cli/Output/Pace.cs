// SPDX-License-Identifier: GPL-2.0-only
using System.Diagnostics;

namespace DriverSlicer.Cli.Output;

/// <summary>Progress of something that is quick for most drivers: said when some time has passed since the last word. For any thread.</summary>
public sealed class Pace(Action<string> say, TimeSpan every)
{
    private readonly Stopwatch _quiet = Stopwatch.StartNew();

    /// <param name="always">It is the last word.</param>
    public void Say(string text, bool always = false)
    {
        lock (_quiet)
        {
            if (_quiet.Elapsed < every && !always)
                return;
            say(text);
            _quiet.Restart();
        }
    }
}
