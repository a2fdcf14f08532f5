// SPDX-License-Identifier: GPL-2.0-only
using System.CommandLine;
using DriverSlicer.Analysis;
using DriverSlicer.Cli.Caching;
using DriverSlicer.Cli.Output;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Commands;

/// <summary><c>explain DRIVER FUNCTION</c>: why a function is where it is, what would have to change to move it, and what crosses at it.</summary>
public static class ExplainCommand
{
    public static Command Create()
    {
        var driver = CommonOptions.Driver();
        var with = CommonOptions.With();
        var function = new Argument<string>("FUNCTION") { Description = "A function of the driver." };
        var json = CommonOptions.Json();
        var kernel = CommonOptions.Kernel();
        var config = CommonOptions.Config();
        var noCache = CommonOptions.NoCache();
        var command = new Command("explain", "Say why a function lives in its half, and what crosses where it is called.") { driver, function, with, json, kernel, config, noCache };
        command.SetAction((parse, _) => Guard.RunAsync(parse.GetValue(json), () =>
        {
            var sliced = Slicer.SliceTogether(Slicer.Tree(parse.GetValue(kernel)), [parse.GetValue(driver)!, .. parse.GetValue(with) ?? []], SliceAbilities.Today, Render.Progress, parse.GetValue(config), SliceCache.Open(parse.GetValue(noCache)))[0];
            var name = parse.GetValue(function)!;
            var found = sliced.Plan.Functions.Where(p => p.Name == name).ToArray();
            if (found.Length == 0)
                throw Unknown(name, sliced);
            foreach (var placed in found)
            {
                foreach (var line in Explain.For(placed.Function, sliced.Plan, sliced.Graph).Concat(ExplainCrossings.For(placed.Function, sliced.Plan, sliced.Graph)))
                    Render.Line(line);
            }

            if (parse.GetValue(json) is { } path)
                JsonFile.Write(path, AnalysisReport.Json(sliced, ExitCodes.Fine));
            return Task.FromResult(ExitCodes.Fine);
        }));
        return command;
    }

    private static DiagnosticException Unknown(string name, Sliced sliced)
    {
        var near = sliced.Plan.Functions.Select(p => p.Name)
            .Where(n => n.Contains(name, StringComparison.OrdinalIgnoreCase) || name.Contains(n, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal).Take(5).ToArray();
        var next = near.Length > 0 ? $"did you mean {string.Join(", ", near)}?" : $"'driverslicer analyze {sliced.Model.Driver}' lists its functions";
        return new DiagnosticException(
            new Diagnostic("DS0706", Severity.Error, Location.None, $"{sliced.Model.Driver} has no function {name}", next), ExitCodes.Usage);
    }
}
