/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In place of the kernel's header of this name: what CREATE_TRACE_POINTS defines (trace points, events, the functions that
 * record them) is the kernel half's. The user half's calls of trace points are downcalls.
 */
