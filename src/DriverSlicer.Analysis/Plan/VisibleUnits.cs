// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>
/// In which unit a record's definition can be seen. The model does not say; but a unit that accesses a member, or has a variable or a
/// member of the type, or allocates it, must see it. Failing that, the first unit that mentions a pointer to it.
/// </summary>
internal sealed class VisibleUnits
{
    private readonly DriverModel model;
    private readonly Dictionary<string, int> complete = [];
    private readonly Dictionary<string, int> mentioned = [];
    private readonly Records records;

    public VisibleUnits(DriverModel model, Records records)
    {
        (this.model, this.records) = (model, records);
        foreach (var function in model.Functions.Where(f => f.Unit.Length > 0))
        {
            var unit = Units.IndexOf(model, function.Unit);
            foreach (var fact in function.Facts)
                Note(fact, unit);
            foreach (var parameter in function.Parameters)
                Mention(parameter.Type, unit);
        }

        foreach (var global in model.Globals.Where(g => g.Unit.Length > 0))
            See(global.Type, Units.IndexOf(model, global.Unit));
        foreach (var record in model.Records.Where(r => r.IsComplete))
            if (Units.IndexOf(model, record.Location.File) is var own && own < model.Files.Length)
                See(new CType(CKind.Record, record.Size, record.Spelling, Record: record.Id), own);
    }

    public string Of(string record)
    {
        var index = complete.TryGetValue(record, out var sure) ? sure : mentioned.GetValueOrDefault(record, 0);
        return index < model.Files.Length ? model.Files[index].Path : "";
    }

    private void Note(Fact fact, int unit)
    {
        switch (fact)
        {
            case Access access:
                if (access.Record.Length > 0)
                    See(new CType(CKind.Record, 0, "", Record: access.Record), unit);
                See(access.Type, unit);
                break;
            case Flow flow:
                Mention(flow.FromType, unit);
                Mention(flow.ToType, unit);
                break;
            case Call call:
                See(call.ResultType, unit);
                foreach (var type in call.Arguments.Select(a => a.LocalType).OfType<CType>())
                    See(type, unit);
                break;
        }
    }

    private void See(CType type, int unit)
    {
        while (type is { Kind: CKind.Array, Element: { } element })
            type = element;
        if (type.Record is not { } id)
        {
            Mention(type, unit);
            return;
        }

        if (complete.TryGetValue(id, out var known) && known <= unit)
            return;
        complete[id] = unit;
        foreach (var (_, nested) in records.Nested(new CType(CKind.Record, 0, "", Record: id)))
            if (!complete.TryGetValue(nested, out var best) || best > unit)
                complete[nested] = unit;
        foreach (var field in records.Find(id)?.Fields ?? [])
            Mention(field.Type, unit);
    }

    private void Mention(CType type, int unit)
    {
        if (type.RecordBehind() is { } id && (!mentioned.TryGetValue(id, out var known) || known > unit))
            mentioned[id] = unit;
    }
}
