// SPDX-License-Identifier: GPL-2.0-only
using System.Net;
using System.Text;

namespace DriverSlicer.Report;

/// <summary>
/// A slice as one HTML file that needs nothing else: no server, no network, no folder beside it.
///
/// 1. The plan, the call graph and the driver's text become JSON (<see cref="PageData"/>).
/// 2. page/report.html takes in the style, the libraries, the data and the page's own programs.
///
/// The page lays the graph out and draws itself when it is opened; nothing of that is decided here.
/// </summary>
public static class HtmlReport
{
    private static readonly string[] Libraries = ["d3", "dagre"];

    /// <summary>In the order in which they are run; each defines what the next ones use.</summary>
    private static readonly string[] Programs = ["model.js", "source.js", "graph.js", "details.js", "tables.js", "plots.js", "main.js"];

    public static string Write(ReportInput input)
    {
        var data = ScriptText.Json(PageData.Of(input));
        return Template.Fill(Template.Read("report.html"), new Dictionary<string, string>
        {
            ["title"] = WebUtility.HtmlEncode($"{input.Plan.Model.Driver} for {input.Plan.Model.Kernel}"),
            ["style"] = Template.Read("report.css"),
            ["libraries"] = Scripts(Libraries.Select(l => (l, $"/*\n{Template.Read(l + ".licence").Replace("*/", "* /", StringComparison.Ordinal)}*/\n{WithoutMap(Template.Read(l + ".js"))}"))),
            ["data"] = data,
            ["programs"] = Scripts(Programs.Select(p => (Path.GetFileNameWithoutExtension(p), Template.Read(p)))),
        });
    }

    private static string Scripts(IEnumerable<(string Name, string Text)> programs) => programs.Aggregate(
        new StringBuilder(), (all, program) => all.Append($"<script id=\"js-{program.Name}\">\n").Append(ScriptText.Program(program.Name, program.Text)).Append("</script>\n")).ToString();

    /// <summary>Without the line that has a browser look for the library's source map.</summary>
    private static string WithoutMap(string program) =>
        string.Join('\n', program.Split('\n').Where(line => !line.StartsWith("//# sourceMappingURL=", StringComparison.Ordinal)));
}
