// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <param name="Reason">One line.</param>
/// <param name="Path">Names from the deciding root or construct down to the function.</param>
internal sealed record Decision(string Reason, ImmutableArray<string> Path, Location At);
