// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Cli.Output;
using DriverSlicer.Lab;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Commands;

/// <summary>Turns every kind of trouble into a message with a next step and the exit code that belongs to it.</summary>
public static class Guard
{
    /// <param name="json">Where the JSON of a refusal goes, or null.</param>
    public static async Task<int> RunAsync(string? json, Func<Task<int>> body)
    {
        try
        {
            return await body();
        }
        catch (DiagnosticException e)
        {
            Render.Diagnostics([e.Diagnostic]);
            if (json is not null && e.ExitCode == ExitCodes.Refused)
                JsonFile.Write(json, new Dictionary<string, object?> { ["schema"] = 1, ["exit"] = e.ExitCode, ["diagnostics"] = JsonFile.Diagnostics([e.Diagnostic]) });
            return e.ExitCode;
        }
        catch (LabUsageException e)
        {
            Console.Error.WriteLine($"driverslicer: {e.Message}");
            return ExitCodes.Usage;
        }
        catch (LabException e)
        {
            Console.Error.WriteLine($"driverslicer: the lab failed: {e.Message}");
            Console.Error.WriteLine("next: driverslicer doctor");
            return ExitCodes.Lab;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("driverslicer: stopped; what was under way has been cleaned up");
            return ExitCodes.Stopped;
        }
        catch (IOException e)
        {
            Console.Error.WriteLine($"driverslicer: {e.Message}");
            Console.Error.WriteLine("next: check the free space and the rights of the folder named");
            return ExitCodes.Lab;
        }
    }
}
