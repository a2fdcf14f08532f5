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

/*
 * Descriptors and patch sites of the debugging machinery. Not CONFIG_TRACEPOINTS: with it some functions are extern that are
 * inline without (consume_skb), and the slicer goes by what the kernel half is compiled with.
 */
#ifdef CONFIG_DYNAMIC_DEBUG
#define MD_DYNAMIC_DEBUG
#endif
#undef CONFIG_DYNAMIC_DEBUG
#undef CONFIG_DYNAMIC_DEBUG_CORE
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

#ifdef MD_POISON
/*
 * A checking build (md_poison.c). The compiler must not open the memory functions
 * where it announces no access; what the kernel's headers say of their inline
 * assembly for its own sanitizers goes to the same judge.
 */
void md_poison_read(const volatile void *p, unsigned long size) __attribute__((visibility("hidden")));
void md_poison_write(const volatile void *p, unsigned long size) __attribute__((visibility("hidden")));

#define _LINUX_KASAN_CHECKS_H
#define kasan_check_read(p, size)	(md_poison_read(p, size), 1)
#define kasan_check_write(p, size)	(md_poison_write(p, size), 1)
#define __kasan_check_read		kasan_check_read
#define __kasan_check_write		kasan_check_write

#define MD_OWN __attribute__((visibility("hidden")))
void *md_poison_memcpy(void *to, const void *from, unsigned long size) MD_OWN;
void *md_poison_memmove(void *to, const void *from, unsigned long size) MD_OWN;
void *md_poison_memset(void *to, int c, unsigned long size) MD_OWN;
int md_poison_memcmp(const void *a, const void *b, unsigned long size) MD_OWN;
void *md_poison_memchr(const void *s, int c, unsigned long size) MD_OWN;
char *md_poison_strcpy(char *to, const char *from) MD_OWN;
char *md_poison_strncpy(char *to, const char *from, unsigned long size) MD_OWN;
char *md_poison_strcat(char *to, const char *from) MD_OWN;
char *md_poison_strncat(char *to, const char *from, unsigned long size) MD_OWN;
int md_poison_strcmp(const char *a, const char *b) MD_OWN;
int md_poison_strncmp(const char *a, const char *b, unsigned long size) MD_OWN;
#define __builtin_memcpy	md_poison_memcpy
#define __builtin_memmove	md_poison_memmove
#define __builtin_memset	md_poison_memset
#define __builtin_memcmp	md_poison_memcmp
#define __builtin_memchr	md_poison_memchr
#define __builtin_strcpy	md_poison_strcpy
#define __builtin_strncpy	md_poison_strncpy
#define __builtin_strcat	md_poison_strcat
#define __builtin_strncat	md_poison_strncat
#define __builtin_strcmp	md_poison_strcmp
#define __builtin_strncmp	md_poison_strncmp
#endif

/* Every other extern of this shared object is its own: stub, local version or placeholder. */
#pragma GCC visibility push(hidden)

#endif
