// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Lab.Faults;

/// <summary>One console of a campaign, line by line: "@@F INDEX begin", what the kernel says meanwhile, "@@F INDEX KEY=VALUE...".</summary>
public sealed class FaultLog(Func<int, FaultPoint> point, Action<FaultResult> done)
{
    private const string Tag = "@@F ";
    private readonly List<string> _reports = [];
    private int? _index;

    /// <summary>Complaints outside of any fault: of the boot, or of its end.</summary>
    public List<string> Others { get; } = [];

    public void Add(string line)
    {
        var text = ConsoleLine.Text(line);
        if (KernelReportPatterns.IsReport(text))
            (_index is null ? Others : _reports).Add(text);
        if (!text.StartsWith(Tag, StringComparison.Ordinal))
            return;
        var words = text[Tag.Length..].Split(' ', 2);
        if (words.Length < 2 || !int.TryParse(words[0], out var index))
            return;
        if (words[1] == "begin")
            _index = index;
        else
            Close(index, words[1]);
    }

    /// <summary>The boot is over: a fault that began and did not end took the guest with it.</summary>
    public void End()
    {
        if (_index is { } open)
            Close(open, null);
    }

    private void Close(int index, string? pairs)
    {
        done(FaultResult.Of(index, point(index), pairs, _reports.ToImmutableArray()));
        _reports.Clear();
        _index = null;
    }
}
