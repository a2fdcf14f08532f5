// SPDX-License-Identifier: GPL-2.0-only
using System.CommandLine;
using DriverSlicer.Lab.Builds;

namespace DriverSlicer.Cli.Commands;

/// <summary>
/// <c>load</c>, <c>unload</c>, <c>status</c>: the shell tool does them, for machines without .NET. The launcher hands over to it
/// at once; these are here for <c>--help</c>, and for whoever starts the program without the launcher.
/// </summary>
public static class ToolCommand
{
    public static Command Create(string verb, string description, string operand)
    {
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore, HelpName = operand, Description = $"./driverslicer {verb} --help says more." };
        var command = new Command(verb, description) { words };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parse, ct) => DeployFolder.RunToolAsync(Slicer.Root, [verb, .. parse.GetValue(words) ?? [], .. parse.UnmatchedTokens], ct));
        return command;
    }
}
