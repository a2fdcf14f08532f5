// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Clang.Native;

namespace DriverSlicer.Clang;

/// <summary>Units that stay parsed because more of them may be asked for: the last few that were used. For any thread.</summary>
internal sealed class OpenUnits : IDisposable
{
    /// <summary>One takes about 50 MB.</summary>
    private const int Most = 3;

    private readonly List<TranslationUnit> _open = [];

    /// <summary>The unit with this text, if it is open. It is the caller's until it is given back.</summary>
    public TranslationUnit? Take(UnitText text)
    {
        lock (_open)
        {
            var parsed = _open.Find(o => o.Path == text.Path && o.OriginalText.SequenceEqual(text.Original));
            if (parsed is not null)
                _open.Remove(parsed);
            return parsed;
        }
    }

    public void Give(TranslationUnit parsed)
    {
        TranslationUnit oldest;
        lock (_open)
        {
            _open.Add(parsed);
            if (_open.Count <= Most)
                return;
            oldest = _open[0];
            _open.RemoveAt(0);
        }

        oldest.Dispose();
    }

    public void Dispose()
    {
        lock (_open)
        {
            _open.ForEach(o => o.Dispose());
            _open.Clear();
        }
    }
}
