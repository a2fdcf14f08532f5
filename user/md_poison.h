/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the serve loop tells the checks of a checking build (md_poison.c); in
 * any other build there is nothing to tell.
 */
#ifndef MD_POISON_H
#define MD_POISON_H

#ifdef MD_POISON
/* After ATTACH. @starts: of the windows, in their order. */
void md_poison_attach(int fd, const unsigned long *starts);
/* Before and after the driver's code runs for one upcall of this thread. */
void md_poison_begin(void);
void md_poison_end(void);
/* The kernel has synchronised: what it brought before is forgotten. */
void md_poison_crossed(void);
#else
static inline void md_poison_attach(int fd, const unsigned long *starts) { (void)fd; (void)starts; }
static inline void md_poison_begin(void) { }
static inline void md_poison_end(void) { }
static inline void md_poison_crossed(void) { }
#endif

#endif
