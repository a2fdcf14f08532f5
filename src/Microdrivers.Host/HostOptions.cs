// SPDX-License-Identifier: GPL-2.0-only
namespace Microdrivers.Host;

/// <param name="Half">Absolute path of NAME.so.</param>
/// <param name="Trace">null: none; empty: standard error or the kernel log; else the absolute path of a file.</param>
/// <param name="Threads">U-threads to start with; more follow when the runtime asks.</param>
/// <param name="Confined">Only what serving needs, see <see cref="Confinement"/>; off for tools that need more of the process, such as sanitizers.</param>
internal sealed record HostOptions(string Driver, string Half, string Device, string? Trace, int Threads, bool Confined)
{
    internal const string DefaultDevice = "/dev/microdriver";
    internal const string Usage =
        "usage: microdriver-host --driver NAME --half PATH/NAME.so [--device /dev/microdriver] [--trace [FILE]] [--threads N] [--unconfined]";

    internal static bool AsksForHelp(string[] args) => args.Contains("--help") || args.Contains("-h");

    internal static HostOptions Parse(string[] args)
    {
        string? driver = null, half = null, trace = null;
        var device = DefaultDevice;
        var threads = 2 * Environment.ProcessorCount;
        var confined = true;

        for (var at = 0; at < args.Length; at++)
        {
            var option = args[at];
            var value = at + 1 < args.Length && !args[at + 1].StartsWith("--", StringComparison.Ordinal) ? args[at + 1] : null;
            switch (option)
            {
                case "--driver": driver = Required(option, value); break;
                case "--half": half = Required(option, value); break;
                case "--device": device = Required(option, value); break;
                case "--threads": threads = Count(option, value); break;
                case "--unconfined": confined = false; break;
                case "--trace": trace = value == null ? "" : Path.GetFullPath(value); break;
                default: throw Wrong($"unknown argument '{option}'");
            }
            if (value != null)
                at++;
        }
        if (driver == null || half == null)
            throw Wrong(driver == null ? "--driver is missing" : "--half is missing");
        if (driver.Length is 0 or >= Wire.NameMax)
            throw Wrong($"--driver wants 1 to {Wire.NameMax - 1} characters");
        return new HostOptions(driver, Path.GetFullPath(half), device, trace, threads, confined);
    }

    static string Required(string option, string? value) => value ?? throw Wrong($"{option} needs a value");

    static int Count(string option, string? value) =>
        int.TryParse(value, out var count) && count is >= 1 and <= UThreads.Limit
            ? count
            : throw Wrong($"{option} wants a number from 1 to {UThreads.Limit}");

    static HostFailure Wrong(string what) => new(what, Usage, ExitCode.WrongUse);
}
