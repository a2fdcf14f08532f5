// SPDX-License-Identifier: GPL-2.0-only
using System.Diagnostics;

namespace DriverSlicer.Cli.Output;

/// <summary>Progress of something that is quick for most drivers: said when some time has passed since the last word. For any thread.</summary>
public sealed class Pace(Action<string> say, TimeSpan every)
{
    private readonly Stopwatch _quiet = Stopwatch.StartNew();

    public void Say(string text)
    {
        lock (_quiet)
        {
            if (_quiet.Elapsed < every)
                return;
            say(text);
            _quiet.Restart();
        }
    }
}
