// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using System.Text.RegularExpressions;

namespace DriverSlicer.Report;

/// <summary>The files that the page is made of, and the filling in of <c>{{name}}</c> places.</summary>
internal static partial class Template
{
    /// <summary>One pass over the template: what is filled in is not looked at again, so a driver's text may hold such places itself.</summary>
    public static string Fill(string template, IReadOnlyDictionary<string, string> parts) => Place().Replace(
        template,
        match => parts.TryGetValue(match.Groups[1].Value, out var text) ? text : throw new InvalidOperationException($"the page's template names {match.Value}, which nothing fills"));

    public static string Read(string resource)
    {
        using var stream = typeof(Template).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not part of this program");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Place();
}
