/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel functions that the user half runs locally: they touch only memory
 * through their arguments. Plain C types, no header of either side.
 * The emitter makes no downcall of a name defined in md_local.c, md_text.c or in libc's
 * mem/str families.
 */
#ifndef MD_LOCAL_H
#define MD_LOCAL_H

#include <stdarg.h>
#include <stddef.h>

/* md_format.c: formats as the kernel does. Returns the full length. */
int md_vformat(char *to, size_t size, const char *format, va_list arguments);

/* md_user.c: one line to the kernel's log; @level as in printk. Kernel formats. */
void md_say(int level, const char *format, va_list arguments);

/* md_local.c: the same, for what the kernel warns of. */
void __warn_printk(const char *format, ...);

#endif
