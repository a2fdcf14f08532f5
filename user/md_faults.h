/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the serve loop lets a fault build go wrong (md_faults.c); any other build has nothing of it.
 */
#ifndef MD_FAULTS_H
#define MD_FAULTS_H

#include "microdriver_wire.h"

#ifdef MD_FAULTS
/* Before ATTACH: from there on nothing can be opened. */
void md_faults_attach(int fd, const unsigned long *starts);
/* An upcall of this thread begins, and ends. */
void md_faults_begin(const char *entry, const unsigned long *args, unsigned int count);
void md_faults_end(void);
/* A downcall is about to be made; 1: it is not made, the frame has its result. */
int md_faults_before(struct md_frame *f);
/* It was made. */
void md_faults_after(struct md_frame *f);
#else
static inline void md_faults_attach(int fd, const unsigned long *starts) { (void)fd; (void)starts; }
static inline void md_faults_begin(const char *entry, const unsigned long *args, unsigned int count)
{
	(void)entry; (void)args; (void)count;
}
static inline void md_faults_end(void) { }
static inline int md_faults_before(struct md_frame *f) { (void)f; return 0; }
static inline void md_faults_after(struct md_frame *f) { (void)f; }
#endif

#endif
