// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Model;

/// <summary>A locked region that would let its function move to the user half, were it a function of its own.</summary>
/// <param name="Function">Id of the function that holds the lock.</param>
/// <param name="Acquire">Where the lock is taken: the call, or the macro around it.</param>
/// <param name="Release">Where it is given back for the last time.</param>
public sealed record OutlineRequest(string Function, string Name, string Lock, Location Acquire, Location Release);
