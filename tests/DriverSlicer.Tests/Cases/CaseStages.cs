// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using DriverSlicer.Emit;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Cases;

/// <summary>What each stage made of a case, as a file per stage: what was read, what was decided, what was written.</summary>
internal static class CaseStages
{
    public static IEnumerable<(string Path, string Text)> Of(Case it)
    {
        var files = Emitter.Emit(it.Plan, it.Specs.Macros);
        yield return ("1-facts.txt", Facts(it.Model));
        yield return ("2-decided.txt", Regex.Replace(files.Single(f => f.Path == "report/manifest.txt").Text, @"slice [0-9a-f]{32}", "slice"));
        yield return ("3-kernel.c", Joined(files.Where(f => f.Path.StartsWith("kernel/md_", StringComparison.Ordinal) && f.Path.EndsWith("_k.c", StringComparison.Ordinal))));
        // Without the macro shims, which stand in every unit whether it uses them or not.
        yield return ("3-user.c", Regex.Replace(Joined(files.Where(f => Regex.IsMatch(f.Path, @"^user/md_.*_u\.[ch]$"))), @"^#ifdef (\w+)\n#undef \1\n.*?^#endif\n", "", RegexOptions.Multiline | RegexOptions.Singleline));
    }

    private static string Joined(IEnumerable<OutputFile> files) => string.Concat(files.Select(f => $"/* ==== {f.Path} ==== */\n{f.Text}"));

    private static string Facts(DriverModel model)
    {
        var text = new StringBuilder();
        foreach (var function in model.Functions.Where(f => f.Origin == FunctionOrigin.Driver))
        {
            text.Append($"{function.Name} ({function.Unit}:{function.Location.Line})\n");
            foreach (var line in function.Facts.Select(Line).Where(l => l.Length > 0))
                text.Append($"  {line}\n");
        }

        return text.ToString();
    }

    private static string Line(Fact fact) => fact switch
    {
        Access a => $"{a.Location.Line}: {a.Mode.ToString().ToLowerInvariant()} {Short(a.Record)}.{string.Join('.', a.Path)}{(a.Indexed ? " indexed" : "")}",
        Call c => $"{c.Location.Line}: call {(c.Callee is null ? "through a pointer" : Short(c.Callee))}",
        Flow => "",
        _ => $"{fact.Location.Line}: {fact.GetType().Name.ToLowerInvariant()}",
    };

    private static string Short(string id) => id.Split('@')[^1];
}
