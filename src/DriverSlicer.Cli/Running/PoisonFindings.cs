// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Lab;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Running;

/// <summary>An access of the user half outside of the plan of the entry point that ran.</summary>
/// <param name="Field">TYPE.PATH, or TYPE+0xOFFSET where the model does not know the type.</param>
/// <param name="Place">The innermost line of the driver's own text; null without debug information.</param>
/// <param name="Frames">From the access outwards.</param>
public sealed record PoisonFinding(PoisonLine Line, string Field, SourceLine? Place, ImmutableArray<SourceLine> Frames)
{
    public override string ToString() =>
        $"poison: {(Line.Write ? "write" : "read")} of {Field} ({Line.Bytes} bytes{(Line.Reached ? "" : ", object not reached")}) in {Line.Entry}"
        + $" at {(Place ?? Frames.FirstOrDefault())?.ToString() ?? "an unknown place"}: {(Line.Write ? "the plan does not return it" : "no plan brought it")}";
}

/// <summary>What <c>run --poison</c> found: violations, and how much of what the plans bring is looked at.</summary>
/// <param name="Upcalls">0 when the workload did not read the runtime's counters.</param>
public sealed record PoisonFindings(ImmutableArray<PoisonFinding> Violations, double Upcalls, double BytesIn, double BytesTouched)
{
    public static async Task<PoisonFindings> OfAsync(LabResult result, Sliced sliced, string shared, CancellationToken ct)
    {
        var found = ImmutableArray.CreateBuilder<PoisonFinding>();
        foreach (var line in PoisonLine.Find(result.Console.Split('\n')))
            found.Add(Finding(line, sliced.Model, await SourceLines.ResolveAsync(shared, line.Places, ct)));
        return new PoisonFindings(
            found.ToImmutable(), result.Metrics.GetValueOrDefault("poison_upcalls"), result.Metrics.GetValueOrDefault("poison_bytes_in"),
            result.Metrics.GetValueOrDefault("poison_bytes_touched"));
    }

    public Dictionary<string, object?> Json() => new()
    {
        ["violations"] = Violations.Length,
        ["found"] = Violations.Select(v => new Dictionary<string, object?>
        {
            ["access"] = v.Line.Write ? "write" : "read",
            ["field"] = v.Field,
            ["bytes"] = v.Line.Bytes,
            ["reached"] = v.Line.Reached,
            ["entry"] = v.Line.Entry,
            ["place"] = v.Place is { } p ? $"{p.File}:{p.Line}" : null,
            ["frames"] = v.Frames.Select(f => f.ToString()).ToArray(),
        }).ToArray(),
        ["upcalls"] = Measured(Upcalls),
        ["bytes_in_per_upcall"] = PerUpcall(BytesIn),
        ["bytes_touched_per_upcall"] = PerUpcall(BytesTouched),
    };

    public double? PerUpcall(double bytes) => Upcalls > 0 ? Math.Round(bytes / Upcalls, 1) : null;

    private static double? Measured(double value) => value > 0 ? value : null;

    private static PoisonFinding Finding(PoisonLine line, DriverModel model, ImmutableArray<SourceLine> frames)
    {
        var path = line.Global ? FieldName.OfGlobal(model, line.Of, line.Offset) : FieldName.Of(model, line.Of, line.Offset);
        var field = path is null ? $"{line.Of}+0x{line.Offset:x}" : path.Length == 0 ? line.Of : path[0] == '[' ? line.Of + path : $"{line.Of}.{path}";
        var own = model.Files.SelectMany(f => f.Included.Select(i => i.Path).Append(f.Path)).Select(p => Path.GetFileName(p)!).ToHashSet(StringComparer.Ordinal);
        return new PoisonFinding(line, field, frames.FirstOrDefault(f => own.Contains(f.File)), frames);
    }
}
