// SPDX-License-Identifier: GPL-2.0-only
using System.Diagnostics;
using System.Globalization;
using DriverSlicer.Cli.Output;

namespace DriverSlicer.Cli.Survey;

/// <summary>A line now and then: how far, how long yet. The estimate goes by files, the measure that costs follow best.</summary>
/// <param name="total">Files that are to be read.</param>
public sealed class SurveyProgress(int total, TimeSpan every, Action<string> say)
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Pace pace = new(say, every);
    private int files;
    private int modules;

    public void Done(ModuleResult result)
    {
        files += result.Files;
        modules++;
        pace.Say(Line(modules, files, total, clock.Elapsed), always: files >= total);
    }

    public static string Line(int modules, int files, int total, TimeSpan elapsed)
    {
        var left = files == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(elapsed.TotalSeconds * (total - files) / files);
        return string.Create(CultureInfo.InvariantCulture, $"{files} of {total} files ({100.0 * files / Math.Max(1, total):0}%), {modules} modules, {Words(elapsed)}; {Words(left)} left");
    }

    private static string Words(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours} h {time.Minutes} min" : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds} s" : $"{time.Seconds} s";
}
