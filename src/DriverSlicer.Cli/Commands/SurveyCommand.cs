// SPDX-License-Identifier: GPL-2.0-only
using System.CommandLine;
using DriverSlicer.Cli.Output;
using DriverSlicer.Cli.Specs;
using DriverSlicer.Cli.Survey;

namespace DriverSlicer.Cli.Commands;

/// <summary><c>survey</c>: how much of every driver of a kernel can leave it, and what keeps the rest.</summary>
public static class SurveyCommand
{
    public static Command Create()
    {
        var subtree = new Argument<string?>("SUBTREE")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A folder or module of the kernel tree (drivers/net/ethernet); default: all drivers that the kernel's configuration enables.",
        };
        var shard = new Option<string?>("--shard") { Description = "Only the I-th of N parts, for batch systems; 'survey merge' joins what they wrote.", HelpName = "I/N" };
        shard.Validators.Add(r => { if (r.Tokens is [var t] && Shard.Parse(t.Value) is null) r.AddError("--shard takes I/N with 1 <= I <= N"); });
        var workers = new Option<int>("--workers") { Description = "Processes that analyse (default: one per processor).", DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "N" };
        var sample = new Option<int>("--sample") { Description = "Only N modules, drawn with --seed.", HelpName = "N" };
        var seed = new Option<int>("--seed") { Description = "Chooses the sample.", DefaultValueFactory = _ => 1, HelpName = "S" };
        foreach (var (number, least) in new[] { (workers, 1), (sample, 0) })
            number.Validators.Add(r => { if (r.Tokens is [var t] && !(int.TryParse(t.Value, out var n) && n >= least)) r.AddError($"{number.Name} takes a number from {least} on"); });
        var exact = new Option<bool>("--exact") { Description = "Read every file without precompiled headers: as 'analyze' does, and slower." };
        var worker = new Option<bool>("--worker") { Hidden = true };
        var json = CommonOptions.Json();
        var kernel = CommonOptions.Kernel();
        var command = new Command("survey", "Analyse every driver of a kernel: what could leave it, and what keeps the rest. An interrupted survey goes on where it was.")
        {
            subtree, json, kernel, shard, workers, sample, seed, exact, worker, Merge(),
        };
        command.SetAction((parse, ct) => Guard.RunAsync(parse.GetValue(json), () => parse.GetValue(worker)
            ? Task.FromResult(Worker.Serve(Console.In, Console.Out, SpecReader.Read(Path.Combine(Slicer.Root, "specs"))))
            : SurveyRunner.RunAsync(
                new SurveyOptions(
                    parse.GetValue(subtree), parse.GetValue(json), parse.GetValue(kernel), parse.GetValue(workers),
                    parse.GetValue(shard) is { } part ? Shard.Parse(part)! : Shard.Whole, parse.GetValue(sample), parse.GetValue(seed))
                {
                    Exact = parse.GetValue(exact),
                },
                ct)));
        return command;
    }

    private static Command Merge()
    {
        var files = new Argument<string[]>("FILE") { Arity = ArgumentArity.OneOrMore, Description = "What 'survey --shard I/N --json FILE' wrote." };
        var json = CommonOptions.Json();
        var command = new Command("merge", "Join the surveys of several parts.") { files, json };
        command.SetAction((parse, _) => Guard.RunAsync(parse.GetValue(json), () =>
        {
            var report = SurveyFile.Merge(parse.GetValue(files)!);
            SurveyTables.Print(report);
            if (parse.GetValue(json) is { } path)
                SurveyFile.Write(path, report);
            return Task.FromResult(ExitCodes.Fine);
        }));
        return command;
    }
}
