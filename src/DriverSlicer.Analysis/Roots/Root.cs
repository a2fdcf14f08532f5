// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

public enum RootKind
{
    /// <summary>specs/ has a rule for the place that holds it.</summary>
    Ruled,

    /// <summary>No rule: any context must be assumed.</summary>
    Unknown,

    /// <summary>EXPORT_SYMBOL: other modules call it.</summary>
    Exported,
}

/// <summary>A way into the driver: somebody else holds <see cref="Function"/> in the place <see cref="Key"/> and calls it.</summary>
/// <param name="Rule">Null unless Ruled.</param>
public sealed record Root(Function Function, string Key, RootKind Kind, EntryRule? Rule, Location Location)
{
    public const ExecContext AnyContext = ExecContext.Process | ExecContext.Atomic | ExecContext.SoftIrq | ExecContext.HardIrq;

    /// <summary>Contexts in which the kernel enters here.</summary>
    public ExecContext Contexts => Rule?.Context ?? AnyContext;
}
