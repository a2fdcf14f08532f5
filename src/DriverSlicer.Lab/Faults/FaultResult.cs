// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;

namespace DriverSlicer.Lab.Faults;

/// <summary>What became of one fault.</summary>
/// <param name="Struck">the user half came by the point (so often)</param>
/// <param name="Alive">the kernel: it went on to tell the result, and reported nothing</param>
/// <param name="Died">another process serves than before</param>
/// <param name="Serving">a process serves</param>
/// <param name="Rebinds">unbindings and bindings that it took; 0: it recovered by itself</param>
/// <param name="ErrorMs">from the fault to the end of the request that met it; -1: that was not waited for</param>
/// <param name="RecoveryMs">from the fault to the next right answer</param>
/// <param name="GapMs">longest pause of the data path</param>
/// <param name="Data">same: the same connection or stream went on; new: only a new one did; lost; corrupt; none: there is no data path</param>
/// <param name="Reports">what the kernel complained of meanwhile</param>
public sealed record FaultResult(
    int Index, FaultPoint Point, int Struck, bool Alive, bool Died, bool Serving, bool Tainted, int Rebinds, int Code, long ErrorMs, long RecoveryMs, long GapMs, string Data,
    bool Right, ImmutableArray<string> Reports)
{
    public bool Hung => Code == 255;

    /// <summary>Nothing had been published: the data path may not even notice.</summary>
    public bool Clean => !Tainted && Rebinds == 0;

    public bool DataAlive => Data is "same" or "none";

    /// <summary>The data path is as after the same request natively: a connection may end where the device leaves its driver.</summary>
    public bool DataGood => DataAlive || (Removes && Data == "new");

    /// <summary>Nobody had to help, but to make the request again that takes the device from its driver or brings it.</summary>
    public bool CameBack => Removes || Rebinds == 0;

    public bool Good => Alive && Serving && Right && !Hung && DataGood && CameBack;

    private bool Removes => Point.Action is "unbind" or "bind" or "unload" or "load";

    /// <param name="pairs">"key=value key=value" as the guest tells it; null: it never did</param>
    public static FaultResult Of(int index, FaultPoint point, string? pairs, ImmutableArray<string> reports)
    {
        var told = (pairs ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).Where(p => p.Length == 2)
            .GroupBy(p => p[0], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last()[1], StringComparer.Ordinal);
        long Number(string key, long absent = -1) => told.TryGetValue(key, out var text) && long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : absent;
        var struck = Number("nothing", 0) > 0 ? 0 : Number("struck", 0);
        return new FaultResult(
            index, point, pairs is null ? 1 : (int)struck, pairs is not null && reports.IsEmpty, Number("died", 0) > 0, Number("serving", 0) > 0, Number("taint", 0) > 0, (int)Number("rebinds", 0),
            (int)Number("code"), Number("error_ms"), Number("recovery_ms"), Number("gap_ms"), told.GetValueOrDefault("data", "lost"),
            told.GetValueOrDefault("answers") == "right", reports);
    }
}
