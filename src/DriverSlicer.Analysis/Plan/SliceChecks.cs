// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

public static class SliceChecks
{
    public static ImmutableArray<Diagnostic> Run(SlicePlan plan) => [];
}
