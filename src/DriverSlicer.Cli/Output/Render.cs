// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;
using Spectre.Console;

namespace DriverSlicer.Cli.Output;

/// <summary>What a person sees. Results go to standard output, progress and trouble to standard error.</summary>
public static class Render
{
    private static readonly IAnsiConsole Errors = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public static void Progress(string text) => Errors.MarkupLineInterpolated($"[grey]  {text}[/]");

    public static void Line(string text) => AnsiConsole.WriteLine(text);

    public static void Diagnostics(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var d in diagnostics)
        {
            var colour = d.Severity switch { Severity.Error => "red", Severity.Warning => "yellow", _ => "blue" };
            var at = d.Location == Location.None ? "driverslicer" : d.Location.ToString();
            Errors.MarkupLineInterpolated($"{at}: [{colour}]{d.Severity.ToString().ToLowerInvariant()}[/] {d.Id}: {d.Message}");
            Errors.MarkupLineInterpolated($"    next: {d.Next}");
        }
    }

    public static void Table(string title, string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple, Title = title.Length == 0 ? null : new TableTitle(Markup.Escape(title)) };
        foreach (var column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        foreach (var row in rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = 160;
        AnsiConsole.Write(table);
    }
}
