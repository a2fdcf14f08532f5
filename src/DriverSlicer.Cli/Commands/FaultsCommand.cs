// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.CommandLine;
using DriverSlicer.Cli.Faults;

namespace DriverSlicer.Cli.Commands;

/// <summary><c>faults</c>: lets user halves go wrong in every way, at enumerated and random points, and looks at what becomes of the rest.</summary>
public static class FaultsCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "Faults of the promised sort (class A), over all drivers.", DefaultValueFactory = _ => 1000, HelpName = "N" };
        var others = new Option<int?>("--not-promised") { Description = "Faults of the other sort (class B: wrong values), over all drivers (default: a tenth of --count).", HelpName = "N" };
        foreach (var number in new Option[] { count, others })
            number.Validators.Add(r => { if (r.Tokens is [var token] && (!int.TryParse(token.Value, out var n) || n is < 0 or > 900_000)) r.AddError($"{number.Name} takes a number from 0 to 900000"); });
        var seed = new Option<int>("--seed") { Description = "Chooses the points; the same seed and build give the same points.", DefaultValueFactory = _ => 1, HelpName = "S" };
        var drivers = new Option<string?>("--drivers") { Description = "Which, with commas between them (default: those that the lab names for it).", HelpName = "A,B" };
        var kinds = new Option<string?>("--kinds") { Description = $"Only these kinds, or groups of kinds, with commas between them: {string.Join(", ", DriverSlicer.Lab.Faults.FaultKind.All.Select(k => k.Group).Distinct())}.", HelpName = "K,K" };
        var point = new Option<string?>("--point") { Description = "One fault alone, as a campaign prints it: ACTION:KIND@ENTRY#CALL.STEP.", HelpName = "POINT" };
        var checking = new Option<bool>("--checking") { Description = "Use a debug kernel (KASAN, lockdep, atomic-sleep checks); built on first use, ten minutes." };
        var json = CommonOptions.Json();
        var kernel = CommonOptions.Kernel();
        var command = new Command("faults", "Make user halves die, hang, flood and lie, and show that the kernel and the data path go on. An interrupted campaign goes on where it was.")
        {
            count, others, seed, drivers, kinds, point, checking, json, kernel,
        };
        command.SetAction((parse, ct) => Guard.RunAsync(parse.GetValue(json), () => FaultsRunner.RunAsync(
            new FaultsOptions(
                parse.GetValue(count), parse.GetValue(others) ?? parse.GetValue(count) / 10, parse.GetValue(seed),
                Words(parse.GetValue(drivers)) is { IsEmpty: false } named ? named : FaultsRunner.Default(),
                Words(parse.GetValue(kinds)), parse.GetValue(point),
                parse.GetValue(checking), parse.GetValue(json), parse.GetValue(kernel)),
            ct)));
        return command;
    }

    private static ImmutableArray<string> Words(string? list) => [.. (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
