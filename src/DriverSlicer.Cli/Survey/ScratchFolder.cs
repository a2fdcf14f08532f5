// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Cli.Survey;

/// <summary>A folder that ends with the survey.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("driverslicer-survey-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
