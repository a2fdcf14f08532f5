// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;

namespace DriverSlicer.Lab;

/// <summary>What one console says.</summary>
/// <param name="Booted">init was reached</param>
/// <param name="ExitCode">the script's; null if it never came to an end</param>
/// <param name="LastStep">where it was when the console ended</param>
public sealed record GuestLog(
    bool Booted,
    int? ExitCode,
    string? LastStep,
    ImmutableArray<string> Transcript,
    ImmutableSortedDictionary<string, double> Metrics)
{
    /// <summary>Checks that failed, in a script that does not come to an end of its own.</summary>
    public int Failures => Transcript.Count(l => l.StartsWith("FAILED", StringComparison.Ordinal));

    /// <summary>
    /// Per step first the script's lines, then the kernel's (marked "k| "): the kernel's come when they like, and only
    /// their order among themselves is worth comparing. Kernel lines outside steps are the boot's, not the driver's.
    /// </summary>
    public static GuestLog Parse(IEnumerable<string> consoleLines)
    {
        var transcript = ImmutableArray.CreateBuilder<string>();
        var metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        var kernel = new List<string>();
        var (booted, exitCode, step, inStep) = (false, (int?)null, (string?)null, false);

        void CloseStep()
        {
            transcript.AddRange(kernel);
            kernel.Clear();
        }

        foreach (var line in consoleLines.Select(ConsoleLine.Text))
        {
            if (!line.StartsWith(ConsoleLine.Mark, StringComparison.Ordinal))
            {
                if (inStep && line.Length > 0 && !IsRuntime(line))
                    kernel.Add("k| " + line);
                continue;
            }
            var blank = line.IndexOf(' ');
            var (tag, text) = blank < 0 ? (line, "") : (line[..blank], line[(blank + 1)..]);
            switch (tag)
            {
                case "@@B":
                    booted = true;
                    break;
                case "@@S":
                    CloseStep();
                    (step, inStep) = (text, true);
                    transcript.Add("== " + text);
                    break;
                case "@@T":
                    transcript.Add(text);
                    break;
                case "@@M" when TryMetric(text, out var key, out var value):
                    metrics[key] = value;
                    break;
                case "@@RC":
                    exitCode = int.Parse(text, CultureInfo.InvariantCulture);
                    inStep = false;
                    break;
            }
        }
        CloseStep();
        return new GuestLog(booted, exitCode, step, transcript.ToImmutable(), metrics.ToImmutable());
    }

    /// <summary>Lines of the microdriver runtime have no native counterpart.</summary>
    private static bool IsRuntime(string line) => line.StartsWith("microdriver:", StringComparison.Ordinal);

    private static bool TryMetric(string text, out string key, out double value)
    {
        var parts = text.Split('=', 2);
        key = parts[0].Trim();
        value = 0;
        return parts.Length == 2 && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
