/* SPDX-License-Identifier: GPL-2.0-only */
/* After it (md_names_push.h): headers of the kernel may follow. */
MD_NAMES(MD_NAME_POP)
