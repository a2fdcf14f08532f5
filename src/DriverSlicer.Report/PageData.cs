// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis;
using DriverSlicer.Model;

namespace DriverSlicer.Report;

/// <summary>What the page's programs read, as objects for the serializer. Functions, files and crossings are named by their index.</summary>
internal static class PageData
{
    public const int Schema = 1;

    public static object Of(ReportInput input)
    {
        var plan = input.Plan;
        var source = SourceTexts.Of(plan.Model);
        var functions = new FunctionData(plan, input.Graph, source);
        var crossings = new CrossingData(plan, input.Graph, functions.Index);
        return new
        {
            schema = Schema,
            driver = plan.Model.Driver,
            kernel = plan.Model.Kernel,
            headline = input.Headline,
            annotations = plan.Choices.Count,
            files = source.Files.Select(f => new { f.Path, f.Text }),
            functions = functions.All(),
            edges = functions.Edges(),
            upcalls = plan.Upcalls.Select(crossings.Up),
            downcalls = plan.Downcalls.Select(crossings.Down),
            locks = plan.Locks.Select(l => new
            {
                l.Name,
                answer = Words.Of(l.Answer),
                l.Reason,
                takers = l.Takers,
            }),
            bothWritten = plan.BothWritten.Select(b => new { b.Record, b.Field, user = b.UserWriters, kernel = b.KernelWriters }),
            diagnostics = plan.Diagnostics.Select(d => new
            {
                d.Id,
                severity = Words.Of(d.Severity),
                d.Location.File,
                d.Location.Line,
                d.Location.Column,
                d.Message,
                d.Next,
            }),
            measurements = input.Measurements,
            published = input.Published,
        };
    }
}
