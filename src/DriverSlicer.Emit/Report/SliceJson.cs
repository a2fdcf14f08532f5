// SPDX-License-Identifier: GPL-2.0-only
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DriverSlicer.Model;

namespace DriverSlicer.Emit.Report;

/// <summary>report/slice.json: the manifest's numbers for programs.</summary>
internal static class SliceJson
{
    public const int Schema = 1;

    public static string Text(Slice slice)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(json, slice);
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void Write(Utf8JsonWriter json, Slice slice)
    {
        json.WriteStartObject();
        json.WriteNumber("schema", Schema);
        json.WriteString("name", slice.Name);
        json.WriteString("driver", slice.Plan.Model.Driver);
        json.WriteString("kernel", slice.Plan.Model.Kernel);
        json.WriteString("slice_id", slice.SliceId);
        List(json, "functions", slice.Plan.Functions, placed =>
        {
            json.WriteString("name", placed.Name);
            json.WriteString("half", placed.Half.ToString().ToLowerInvariant());
            json.WriteString("reason", placed.Reason);
        });
        List(json, "upcalls", slice.Plan.Upcalls, upcall => Upcall(json, slice.Plan, upcall));
        List(json, "downcalls", slice.Plan.Downcalls, downcall => Downcall(json, downcall));
        List(json, "gated", slice.Plan.Gated, entry =>
        {
            json.WriteString("name", entry.Name);
            json.WriteString("action", entry.Action.Name);
            json.WriteBoolean("locked", entry.Locked);
            json.WriteBoolean("excluded", entry.Excluded);
            json.WriteBoolean("yields", entry.Yields);
        });
        List(json, "deferred", slice.Plan.Deferrals, deferral =>
        {
            json.WriteString("name", slice.Plan.Upcalls[deferral.Upcall].Name);
            json.WriteString("hold", deferral.Hold);
            json.WriteBoolean("excludes", deferral.Excludes);
        });
        List(json, "locks", slice.Plan.Locks, answer =>
        {
            json.WriteString("name", answer.Name);
            json.WriteString("answer", answer.Answer.ToString().ToLowerInvariant());
            json.WriteString("reason", answer.Reason);
            Names(json, "takers", answer.Takers);
        });
        List(json, "symbols", slice.Plan.Symbols, symbol =>
        {
            json.WriteString("name", symbol.Name);
            json.WriteString("kind", symbol.Kind.ToString().ToLowerInvariant());
            json.WriteNumber("bytes", symbol.Size);
        });
        List(json, "both_written", slice.Plan.BothWritten, both =>
        {
            json.WriteString("record", both.Record);
            json.WriteString("field", both.Field);
            Names(json, "user_writers", both.UserWriters);
            Names(json, "kernel_writers", both.KernelWriters);
        });
        json.WriteEndObject();
    }

    private static void Upcall(Utf8JsonWriter json, SlicePlan plan, Upcall upcall)
    {
        json.WriteString("name", upcall.Name);
        json.WriteString("on_death", upcall.OnDeath.ToString().ToLowerInvariant());
        json.WriteNumber("fields_in", upcall.FieldsIn);
        json.WriteNumber("fields_out", upcall.FieldsOut);
        Names(json, "calls", upcall.Calls.Select(call => plan.Downcalls[call].Name));
        var fields = upcall.Visits.SelectMany(visit => visit.Fields.Select(field => (Of: plan.Types[visit.Type].Spelling, field)))
            .Concat(upcall.Globals.SelectMany(use => use.Fields.Select(field => (Of: plan.Symbols[use.Symbol].Name, field))));
        List(json, "fields", fields, entry =>
        {
            json.WriteString("of", entry.Of);
            json.WriteString("path", entry.field.Path);
            json.WriteNumber("offset", entry.field.Offset);
            json.WriteNumber("bytes", (long)entry.field.Size * entry.field.Count);
            json.WriteBoolean("in", entry.field.In);
            json.WriteBoolean("out", entry.field.Out);
        });
    }

    private static void Downcall(Utf8JsonWriter json, Downcall downcall)
    {
        json.WriteString("name", downcall.Name);
        json.WriteString("kind", downcall.Kind.ToString().ToLowerInvariant());
        Names(json, "parameters", downcall.Parameters.Select(parameter => parameter.Kind.ToString().ToLowerInvariant()));
        json.WriteString("result", downcall.Result.Kind.ToString().ToLowerInvariant());
        json.WriteBoolean("shipped", downcall.Shipped);
        json.WriteBoolean("settles", downcall.Settles);
        json.WriteBoolean("locks", downcall.Locks);
    }

    private static void List<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Names(Utf8JsonWriter json, string name, IEnumerable<string> names)
    {
        json.WriteStartArray(name);
        foreach (var item in names)
        {
            json.WriteStringValue(item);
        }

        json.WriteEndArray();
    }
}
