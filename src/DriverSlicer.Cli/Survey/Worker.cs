// SPDX-License-Identifier: GPL-2.0-only
using System.Text.Json;
using DriverSlicer.Clang;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Survey;

/// <summary>
/// A child process of the survey: a crash of libclang ends it, not the survey. Reads a job a line, and answers with lines: <c>file PATH</c> for what
/// it is about to read (empty: the analysis), then <c>done JSON</c> or <c>failed REASON</c>.
/// </summary>
public static class Worker
{
    public static int Serve(TextReader jobs, TextWriter answers, KernelSpecs specs)
    {
        var sets = new Dictionary<string, HeaderSet>();
        while (jobs.ReadLine() is { } line)
        {
            var job = JsonSerializer.Deserialize<Job>(line)!;
            try
            {
                var result = ModuleSurveyor.Survey(job.Module, new KernelTree(job.Release, job.BuildDirectory, job.SourceDirectory), specs, job.Skipped, Headers(job), file => Say($"file {file}"));
                Say("done " + JsonSerializer.Serialize(result));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Say($"failed {(e is DiagnosticException d ? d.Diagnostic.Message : $"{e.GetType().Name}: {e.Message}").ReplaceLineEndings(" ")}");
            }
        }

        return 0;

        HeaderSet? Headers(Job job)
        {
            if (job.Headers.IsEmpty)
                return null;
            var key = string.Join(' ', job.Headers);
            return sets.TryGetValue(key, out var set) ? set : sets[key] = new HeaderSet(job.Scratch, job.Headers);
        }

        void Say(string text)
        {
            answers.WriteLine(text);
            answers.Flush();
        }
    }
}
