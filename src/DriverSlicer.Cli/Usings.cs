// SPDX-License-Identifier: GPL-2.0-only
// System.Half is a number; here it is always a half of a driver.
global using Half = DriverSlicer.Model.Half;
