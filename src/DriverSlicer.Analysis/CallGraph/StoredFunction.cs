// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Analysis;

/// <summary>
/// A function's address in a place from which somebody calls it. Keys, as in specs/: <c>struct pci_driver.probe</c> (stored in a
/// field), <c>request_threaded_irq#1</c> (argument of a kernel function, macro shims by the macro's name), <c>macro#init</c> and
/// <c>macro#exit</c> (module_init, module_exit), <c>macro#export</c> (EXPORT_SYMBOL), <c>global NAME</c>.
/// </summary>
/// <param name="Function">Id of the function stored.</param>
/// <param name="Node">The place itself.</param>
public sealed record StoredFunction(string Function, string Key, Node Node, Location Location);
