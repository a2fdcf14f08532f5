// SPDX-License-Identifier: GPL-2.0-only
using System.CommandLine;
using System.CommandLine.Parsing;

namespace DriverSlicer.Cli.Commands;

/// <summary>Arguments and options that several verbs share, worded once.</summary>
public static class CommonOptions
{
    public static Argument<string> Driver()
    {
        var driver = new Argument<string>("DRIVER")
        {
            Description = "A module name as modprobe knows it, a path in the kernel tree (drivers/watchdog/NAME.c), or a folder with its own Kbuild file.",
        };
        driver.Validators.Add(RefuseOptions);
        return driver;
    }

    /// <summary>An option that is not known would pass for a driver.</summary>
    private static void RefuseOptions(ArgumentResult result)
    {
        if (result.Tokens.FirstOrDefault(t => t.Value.StartsWith('-')) is { } token)
            result.AddError($"no option is called {token.Value}");
    }

    public static Argument<string[]> Drivers()
    {
        var drivers = new Argument<string[]>("DRIVER")
        {
            Description = "One driver, as for the other verbs, or several modules that are sliced together; a module that they need and that is not named stays native.",
            Arity = ArgumentArity.OneOrMore,
        };
        drivers.Validators.Add(RefuseOptions);
        return drivers;
    }

    public static Option<string?> UserFlags() => new("--user-cflags")
    {
        Description = "More options for the compiler and the linker of the user half, as --user-cflags='-fsanitize=address -fno-omit-frame-pointer' or --user-cflags=-Og.",
        HelpName = "FLAGS",
    };

    public static Option<string[]> With() => new("--with")
    {
        Description = "Another module that uses what DRIVER exports: then it is known in which contexts; may be repeated.",
        HelpName = "MODULE",
    };

    public static Option<string?> Json() => new("--json")
    {
        Description = "Also write the result to FILE as JSON (on exits 0, 1 and 3).",
        HelpName = "FILE",
    };

    public static Option<string?> Measurements() => new("--measurements")
    {
        Description = "What 'run --json FILE' wrote for this driver: the report then shows it against native and against published figures.",
        HelpName = "FILE",
    };

    public static Option<string?> Config() => new("--config")
    {
        Description = "What to force or promise of the driver (default: slice.toml beside it, if there is one).",
        HelpName = "SLICE.TOML",
    };

    public static Option<bool> NoCache() => new("--no-cache")
    {
        Description = "Read the driver anew, and keep nothing of it in ~/.cache/driverslicer/slices.",
    };

    public static Option<string?> Kernel() => new("--kernel")
    {
        Description = "Kernel release to build for (default: DRIVERSLICER_KERNEL of the environment, else the newest installed headers).",
        HelpName = "REL",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("DRIVERSLICER_KERNEL") is { Length: > 0 } release ? release : null,
    };
}
