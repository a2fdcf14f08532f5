// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>Fields and bytes of one direction or of both. An array counts as one field with all its bytes.</summary>
public readonly record struct Cost(int Fields, long Bytes)
{
    public static Cost operator +(Cost a, Cost b) => new(a.Fields + b.Fields, a.Bytes + b.Bytes);
}

/// <summary>
/// What one call of an entry point moves in and out by three methods, each object of a type counted once:
/// <c>Ours</c>, what is read travels in and what is written travels out; <c>Merged</c>, the fields that are read or written travel both ways,
/// as the paper has it; <c>Deep</c>, all fields of all records that the types of its arguments and of the variables it uses lead to, both ways.
/// </summary>
public sealed record CopyCosts(Cost In, Cost Out, Cost Merged, Cost Deep)
{
    public Cost Ours => In + Out;

    public static CopyCosts Of(SlicePlan plan, Upcall upcall)
    {
        var fields = upcall.Visits.SelectMany(v => v.Fields).Concat(upcall.Globals.SelectMany(g => g.Fields)).Where(f => f.Kind != FieldKind.Embed).ToArray();
        return new CopyCosts(
            Sum(fields.Where(f => f.In)), Sum(fields.Where(f => f.Out)), Twice(Sum(fields.Where(f => f.In || f.Out))), Twice(DeepOf(plan, upcall)));
    }

    private static Cost Sum(IEnumerable<FieldPlan> fields) => fields.Aggregate(new Cost(), (sum, f) => sum + new Cost(1, (long)f.Size * f.Count));

    private static Cost Twice(Cost cost) => cost + cost;

    private static Cost DeepOf(SlicePlan plan, Upcall upcall)
    {
        var records = plan.Model.Records.Where(r => r.IsComplete).ToDictionary(r => r.Id);
        var reached = new HashSet<string>();
        var work = new Queue<string>();
        foreach (var visit in upcall.Visits)
            Reach(plan.Types[visit.Type].Record);
        if (plan.Model.Functions.FirstOrDefault(f => f.Id == upcall.Function) is { } function)
            foreach (var parameter in function.Parameters)
                ReachType(parameter.Type);
        var sum = new Cost();
        foreach (var use in upcall.Globals)
        {
            var symbol = plan.Symbols[use.Symbol];
            sum += new Cost(symbol.Type < 0 ? 1 : 0, symbol.Type < 0 ? symbol.Size : 0);
            if (symbol.Type >= 0)
                Reach(plan.Types[symbol.Type].Record);
        }

        // A record inside another is part of that one's bytes; what it points to is reached all the same.
        while (work.TryDequeue(out var id))
            sum += new Cost(Scan(records[id]), records[id].Size);
        return sum;

        void Reach(string id)
        {
            if (records.ContainsKey(id) && reached.Add(id))
                work.Enqueue(id);
        }

        void ReachType(CType type)
        {
            var inner = type;
            while (inner is { Kind: CKind.Pointer or CKind.Array, Element: { } element })
                inner = element;
            if (inner is { Kind: CKind.Record, Record: { } record } && (type.IsPointer || inner != type))
                Reach(record);
        }

        int Scan(CRecord record)
        {
            var count = 0;
            foreach (var field in record.Fields)
            {
                var inner = field.Type;
                while (inner is { Kind: CKind.Array, Element: { } element })
                    inner = element;
                if (inner is { Kind: CKind.Record, Record: { } id } && records.TryGetValue(id, out var embedded))
                {
                    count += Scan(embedded);
                    continue;
                }

                count++;
                ReachType(inner);
            }

            return count;
        }
    }
}
