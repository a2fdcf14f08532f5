// SPDX-License-Identifier: GPL-2.0-only
using System.CommandLine;
using System.Runtime.InteropServices;
using DriverSlicer.Cli.Commands;
using DriverSlicer.Cli.Output;
using DriverSlicer.Model;

// The verbs, in the order in which a newcomer meets them.
var root = new RootCommand(
    "Splits an unmodified kernel driver in two: what must be fast stays in the kernel, the rest runs in a user process.")
{
    DoctorCommand.Create(),
    AnalyzeCommand.Create(),
    ExplainCommand.Create(),
    SliceCommand.Create(),
    ReportCommand.Create(),
    RunCommand.Create(),
    FaultsCommand.Create(),
    SurveyCommand.Create(),
    TableCommand.Create(),
    EvaluateCommand.Create(),
    ToolCommand.Create("load", "Put a sliced driver in the native one's place on this machine.", "DIR"),
    ToolCommand.Create("unload", "Take it away again: back to the native driver.", "NAME"),
    ToolCommand.Create("status", "Say how the microdrivers of this machine are.", "[NAME]"),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0 && parsed.Action is not null && !parsed.Errors.All(e => e.Message.Length == 0))
{
    foreach (var error in parsed.Errors)
        Console.Error.WriteLine($"driverslicer: {error.Message}");
    var verb = parsed.CommandResult.Command;
    Console.Error.WriteLine($"next: driverslicer {(verb is RootCommand ? "" : verb.Name + " ")}--help");
    return ExitCodes.Usage;
}

// The first Ctrl-C (or SIGTERM) asks, and what was under way is cleaned up; the second insists.
using var stop = new CancellationTokenSource();
Interruption.Token = stop.Token;
var asked = 0;
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    if (Interlocked.Increment(ref asked) > 1)
        Environment.Exit(ExitCodes.Stopped);
    stop.Cancel();
}
