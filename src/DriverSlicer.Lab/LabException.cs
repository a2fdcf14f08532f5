// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Lab;

/// <summary>The lab itself failed (QEMU, gcc, a missing package): says nothing about the driver. Exit code 4.</summary>
public sealed class LabException(string message, Exception? inner = null) : Exception(message, inner);
