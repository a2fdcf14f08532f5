// SPDX-License-Identifier: GPL-2.0-only
using System.CommandLine;
using DriverSlicer.Cli.Tabling;

namespace DriverSlicer.Cli.Commands;

/// <summary><c>table</c>: drivers and kernels, and what works; runs what is not recorded yet.</summary>
public static class TableCommand
{
    public static Command Create()
    {
        var drivers = new Argument<string[]>("DRIVER") { Arity = ArgumentArity.ZeroOrMore, Description = "Only these (default: those of lab/table.json)." };
        var kernels = new Option<string[]>("--kernel") { Description = "Only this series or release; may be repeated (default: those of lab/table.json).", HelpName = "REL" };
        var only = new Option<string[]>("--only") { Description = "Run only this sort of step: analyze, run, poison or checking; may be repeated.", HelpName = "STEP" };
        only.AcceptOnlyFromAmong("analyze", "run", "poison", "checking");
        var recorded = new Option<bool>("--recorded") { Description = "Run nothing: show what is recorded for this state of the checkout." };
        var json = CommonOptions.Json();
        var command = new Command("table", "Run drivers on kernels and print what works. A step that is recorded for the same sources is not repeated, so an interrupted table goes on where it was.")
        {
            drivers, kernels, only, recorded, json,
        };
        command.SetAction((parse, ct) => Guard.RunAsync(parse.GetValue(json), () => TableRunner.RunAsync(
            new TableOptions(
                [.. parse.GetValue(drivers) ?? []], [.. parse.GetValue(kernels) ?? []],
                parse.GetValue(only) is { Length: > 0 } kinds ? [.. kinds.Select(k => Enum.Parse<TableKind>(k, ignoreCase: true))] : [.. Enum.GetValues<TableKind>()],
                parse.GetValue(recorded), parse.GetValue(json)),
            ct)));
        return command;
    }
}
