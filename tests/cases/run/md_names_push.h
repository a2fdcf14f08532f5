/* SPDX-License-Identifier: GPL-2.0-only */
/* The harness gives these names their meaning itself. */
