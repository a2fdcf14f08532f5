// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan.Checks;

/// <summary>What the user half reaches without a plan: layouts of device registers, which are mapped, and the functions that access them.</summary>
internal sealed class MappedRecords
{
    private readonly HashSet<string> records = [];
    private readonly HashSet<string> accessors;
    private readonly HashSet<string> live;

    public MappedRecords(DriverModel model, KernelSpecs specs)
    {
        accessors = model.Functions.Where(f => f.Facts.Any(x => x is AsmFact) && f.Parameters.Any(p => p.Type.IsVoidPointer)).Select(f => f.Id).ToHashSet();
        live = model.Globals.Where(g => g.IsExtern && specs.Functions.Any(r => r.Local && r.Name == g.Name)).Select(g => g.Id).ToHashSet();
        var names = specs.Functions.Where(r => r.MmioSize is not null || r.Coherent).Select(r => r.Name).ToHashSet();
        var mapping = model.Functions.Where(f => names.Contains(f.Name)).Select(f => f.Id).ToHashSet();
        var after = model.Functions.SelectMany(f => f.Facts).OfType<Flow>().ToLookup(f => f.From);
        var work = new Queue<Node>(after.Select(g => g.Key).Where(n => n.Kind == NodeKind.Return && mapping.Contains(n.Owner)));
        var seen = work.ToHashSet();
        while (work.TryDequeue(out var node))
        {
            foreach (var flow in after[node])
            {
                if (flow.ToType.Element?.Record is { } record)
                    records.Add(record);
                else if (flow.To.Kind != NodeKind.Param && seen.Add(flow.To))
                    work.Enqueue(flow.To);
            }
        }

        FindWithin(model);
    }

    // What lies in a descriptor, and what a descriptor is seen as.
    private void FindWithin(DriverModel model)
    {
        var fields = model.Records.ToDictionary(r => r.Id, r => r.Fields);
        var casts = model.Functions.SelectMany(f => f.Facts).OfType<Flow>()
            .Where(f => f.FromType.PointeeRecord is not null && f.ToType.PointeeRecord is not null && f.FromType.PointeeRecord != f.ToType.PointeeRecord)
            .ToLookup(f => f.FromType.PointeeRecord!, f => f.ToType.PointeeRecord!);
        var work = new Queue<string>(records);
        while (work.TryDequeue(out var record))
            foreach (var within in fields.GetValueOrDefault(record, []).Select(f => RecordOf(f.Type)).OfType<string>().Concat(casts[record]))
                if (records.Add(within))
                    work.Enqueue(within);
    }

    private static string? RecordOf(CType type)
    {
        while (type is { Kind: CKind.Array, Element: { } element })
            type = element;
        return type.Kind == CKind.Record ? type.Record : null;
    }

    public bool Contains(string record) => records.Contains(record);

    /// <summary>The user half has its own of this variable of the kernel.</summary>
    public bool IsLive(string global) => live.Contains(global);

    public bool IsAccessor(string function) => accessors.Contains(function);
}
