// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;
using Spectre.Console;

namespace DriverSlicer.Cli.Output;

/// <summary>What a person sees. Results go to standard output, progress and trouble to standard error.</summary>
public static class Render
{
    private static readonly IAnsiConsole Errors = Create(Console.Error, Console.IsErrorRedirected);

    private static readonly IAnsiConsole Results = Create(Console.Out, Console.IsOutputRedirected);

    public static void Progress(string text) => Errors.MarkupLineInterpolated($"[grey]  {text}[/]");

    public static void Line(string text) => Results.WriteLine(text);

    public static void Diagnostics(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var d in diagnostics)
        {
            var colour = d.Severity switch { Severity.Error => "red", Severity.Warning => "yellow", _ => "blue" };
            var at = d.Location == Location.None ? "driverslicer" : d.Location.ToString();
            Errors.MarkupLineInterpolated($"{at}: [{colour}]{d.Severity.ToString().ToLowerInvariant()}[/] {d.Id}: {d.Message}");
            Errors.MarkupLineInterpolated($"{d.NextLines}");
        }
    }

    public static void Table(string title, string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple, Title = title.Length == 0 ? null : new TableTitle(Markup.Escape(title)) };
        foreach (var column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        foreach (var row in rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        Results.Write(table);
    }

    /// <summary>A file or pipe has no width: one message stays one line there, or searching it would miss half.</summary>
    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (redirected)
            console.Profile.Width = 4000;
        return console;
    }
}
