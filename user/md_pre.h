/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Force-included between the kernel's kconfig.h and compiler_types.h when a
 * driver is compiled for user mode with the kernel's own headers.
 *
 * It switches off what would patch code at run time or leave descriptors in
 * sections that only a kernel loader reads. Nothing here may change the layout
 * of a record that both halves use; generated code asserts sizes and offsets.
 */
#ifndef MD_PRE_H
#define MD_PRE_H

/* With the hack, every static branch is assembled as taken. */
#undef CONFIG_HAVE_JUMP_LABEL_HACK

/* Descriptors and patch sites of the tracing and debugging machinery. */
#undef CONFIG_DYNAMIC_DEBUG
#undef CONFIG_DYNAMIC_DEBUG_CORE
#undef CONFIG_TRACEPOINTS
#undef CONFIG_PRINTK_INDEX
#undef CONFIG_HAVE_STATIC_CALL
#undef CONFIG_HAVE_STATIC_CALL_INLINE
#undef CONFIG_PREEMPT_DYNAMIC
#undef CONFIG_HAVE_PREEMPT_DYNAMIC
#undef CONFIG_HAVE_PREEMPT_DYNAMIC_CALL
#undef CONFIG_OBJTOOL

/* What libc gives; said before everything else is declared to be this object's own. */
#define MD_LIBC __attribute__((visibility("default")))
int strcmp(const char *a, const char *b) MD_LIBC;
int strncmp(const char *a, const char *b, unsigned long size) MD_LIBC;
int strcasecmp(const char *a, const char *b) MD_LIBC;
int strncasecmp(const char *a, const char *b, unsigned long size) MD_LIBC;
char *strcpy(char *to, const char *from) MD_LIBC;
char *strncpy(char *to, const char *from, unsigned long size) MD_LIBC;
char *strcat(char *to, const char *from) MD_LIBC;
char *strncat(char *to, const char *from, unsigned long size) MD_LIBC;
char *strchr(const char *s, int c) MD_LIBC;
char *strrchr(const char *s, int c) MD_LIBC;
char *strstr(const char *s, const char *part) MD_LIBC;
char *strsep(char **s, const char *ends) MD_LIBC;
unsigned long strlen(const char *s) MD_LIBC;
unsigned long strnlen(const char *s, unsigned long size) MD_LIBC;
unsigned long strspn(const char *s, const char *of) MD_LIBC;
unsigned long strcspn(const char *s, const char *of) MD_LIBC;
char *strpbrk(const char *s, const char *of) MD_LIBC;

/* Every other extern of this shared object is its own: stub, local version or placeholder. */
#pragma GCC visibility push(hidden)

#endif
