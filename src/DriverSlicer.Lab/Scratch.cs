// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Lab;

/// <summary>A temporary folder that goes away with its owner, also when the run is cancelled.</summary>
public sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("driverslicer-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
