// SPDX-License-Identifier: GPL-2.0-only
using System.CommandLine;
using DriverSlicer.Cli.Evaluating;

namespace DriverSlicer.Cli.Commands;

/// <summary><c>evaluate</c>: measures the working drivers against native, and says what of the goals is met.</summary>
public static class EvaluateCommand
{
    public static Command Create()
    {
        var drivers = new Argument<string[]>("DRIVER") { Arity = ArgumentArity.ZeroOrMore, Description = "Only these (default: those of lab/evaluate.json)." };
        var recorded = new Option<bool>("--recorded") { Description = "Run nothing: show what is recorded for this state of the checkout." };
        var json = CommonOptions.Json();
        var command = new Command("evaluate", "Measure the working drivers, native and microdriver in turn, on an idle machine. A step that is recorded for the same sources is not repeated.")
        {
            drivers, recorded, json,
        };
        command.SetAction((parse, ct) => Guard.RunAsync(parse.GetValue(json), () =>
            EvaluateRunner.RunAsync([.. parse.GetValue(drivers) ?? []], parse.GetValue(recorded), parse.GetValue(json), ct)));
        return command;
    }
}
