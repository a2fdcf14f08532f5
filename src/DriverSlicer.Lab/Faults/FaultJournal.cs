// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.Json;

namespace DriverSlicer.Lab.Faults;

/// <summary>What a campaign against one driver has shown so far: a file to which each result is added at once, so that an interrupted one goes on where it was.</summary>
public sealed class FaultJournal
{
    private readonly string _file;
    private readonly List<FaultResult> _results = [];

    private FaultJournal(string file) => _file = file;

    public IReadOnlyList<FaultResult> Results => _results;

    public FaultProfile? Profile { get; private set; }

    /// <param name="folder">of this driver, kernel and seed</param>
    /// <param name="key">what the results depend on: builds, seed; a journal with another key is begun anew</param>
    public static FaultJournal Open(string folder, string key)
    {
        Directory.CreateDirectory(folder);
        var journal = new FaultJournal(Path.Combine(folder, "journal.jsonl"));
        var lines = File.Exists(journal._file) ? File.ReadAllLines(journal._file) : [];
        if (lines.Length > 1 && lines[0] == key)
        {
            journal.Profile = JsonSerializer.Deserialize<FaultProfile>(lines[1]);
            // A line that was cut off is a fault that is done again.
            var whole = lines.Where((l, i) => i < 2 || l.EndsWith('}')).ToArray();
            File.WriteAllLines(journal._file, whole);
            journal._results.AddRange(whole.Skip(2).Select(l => JsonSerializer.Deserialize<FaultResult>(l)!));
            return journal;
        }
        File.WriteAllText(journal._file, key + "\n");
        return journal;
    }

    public void Set(FaultProfile profile)
    {
        Profile = profile;
        File.AppendAllText(_file, JsonSerializer.Serialize(profile) + "\n");
    }

    public void Add(FaultResult result)
    {
        _results.Add(result);
        File.AppendAllText(_file, JsonSerializer.Serialize(result) + "\n");
    }
}
