// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Clang.Native;

namespace DriverSlicer.Clang;

/// <summary>Units that stay parsed because more of them may be asked for: the last few that were used. For any thread.</summary>
internal sealed class OpenUnits : IDisposable
{
    /// <summary>One takes about 50 MB.</summary>
    private const int Most = 3;

    private readonly List<(int Unit, TranslationUnit Parsed)> _open = [];

    /// <summary>It is the caller's until it is given back.</summary>
    public TranslationUnit? Take(int unit)
    {
        lock (_open)
        {
            var at = _open.FindIndex(o => o.Unit == unit);
            if (at < 0)
                return null;
            var parsed = _open[at].Parsed;
            _open.RemoveAt(at);
            return parsed;
        }
    }

    public void Give(int unit, TranslationUnit parsed)
    {
        TranslationUnit oldest;
        lock (_open)
        {
            _open.Add((unit, parsed));
            if (_open.Count <= Most)
                return;
            oldest = _open[0].Parsed;
            _open.RemoveAt(0);
        }

        oldest.Dispose();
    }

    public void Dispose()
    {
        lock (_open)
        {
            _open.ForEach(o => o.Parsed.Dispose());
            _open.Clear();
        }
    }
}
