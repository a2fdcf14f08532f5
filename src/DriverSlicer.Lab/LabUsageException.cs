// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Lab;

/// <summary>The request cannot be carried out as written (unknown workload, module or device). Exit code 2.</summary>
public sealed class LabUsageException(string message) : Exception(message);
