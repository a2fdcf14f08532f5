// SPDX-License-Identifier: GPL-2.0-only
using System.CommandLine;
using DriverSlicer.Cli.Output;

namespace DriverSlicer.Cli.Commands;

/// <summary><c>doctor</c>: is everything here that slicing and running need? One line each, with what to do.</summary>
public static class DoctorCommand
{
    public static Command Create()
    {
        var json = CommonOptions.Json();
        var kernel = CommonOptions.Kernel();
        var command = new Command("doctor", "Check this machine for what the slicer and its lab need.") { json, kernel };
        command.SetAction((parse, _) => Guard.RunAsync(parse.GetValue(json), () =>
        {
            var checks = Doctor.Examine(parse.GetValue(kernel)).ToArray();
            foreach (var check in checks)
            {
                Render.Line($"{(check.Ok ? "ok     " : "MISSING")} {check.What}: {check.Found}");
                if (!check.Ok)
                    Render.Line($"        next: {check.Next}");
            }

            var exit = checks.All(c => c.Ok) ? ExitCodes.Fine : ExitCodes.Lab;
            if (parse.GetValue(json) is { } path)
            {
                JsonFile.Write(path, new Dictionary<string, object?>
                {
                    ["schema"] = 1,
                    ["exit"] = exit,
                    ["checks"] = checks.Select(c => new { what = c.What, ok = c.Ok, found = c.Found, next = c.Ok ? null : c.Next }).ToArray(),
                    ["diagnostics"] = Array.Empty<object>(),
                });
            }

            return Task.FromResult(exit);
        }));
        return command;
    }
}
