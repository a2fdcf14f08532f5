// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Model;

/// <summary>A part of a function that would let the rest move to the user half, were it a function of its own.</summary>
/// <param name="Function">Id of the function.</param>
/// <param name="Lock">The lock that the region holds; null: a statement, of which the user half could run all but that.</param>
/// <param name="Acquire">Where the lock is taken: the call, or the macro around it. Of a statement: a place in it.</param>
/// <param name="Release">Where it is given back for the last time. Of a statement: the same place.</param>
public sealed record OutlineRequest(string Function, string Name, string? Lock, Location Acquire, Location Release)
{
    public static OutlineRequest Statement(string function, string name, Location place) => new(function, name, null, place, place);
}
