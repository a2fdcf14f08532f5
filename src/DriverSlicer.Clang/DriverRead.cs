// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Clang;

/// <summary>What the front end made of a driver.</summary>
/// <param name="Model">After outlining.</param>
/// <param name="Input">The driver's units before.</param>
public sealed record DriverRead(DriverModel Model, ImmutableArray<SourceFile> Input);
