/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One planned fault, and what became of it: a page that all processes of a fault build (FAULTS=1)
 * share with lab/tools/fault.c. It outlives them, so a plan may strike twice in a row.
 */
#ifndef MD_FAULTS_PAGE_H
#define MD_FAULTS_PAGE_H

#include <stdint.h>

#define MD_FAULTS_FILE	"/run/md-faults"
#define MD_FAULTS_NAME	40
#define MD_FAULTS_LOG	16384
#define MD_FAULTS_LAST	256		/* downcall ids whose arguments are remembered */

/* Where in an upcall. Step 2n - 1 is before its nth downcall, 2n after it. */
#define MD_FAULTS_BEGIN	0u		/* before the first instruction */
#define MD_FAULTS_END	0xffffffffu	/* after the last, before the kernel is told */

/* One crossing, as recorded. */
struct md_faults_crossing {
	uint32_t upcall;		/* number; 0: not written yet */
	uint32_t step;			/* MD_FAULTS_BEGIN: name is the entry point's; else of a downcall */
	char name[MD_FAULTS_NAME];
};

/* A downcall's latest arguments and result. */
struct md_faults_last {
	uint64_t value, arg[6];
	uint32_t count;			/* arguments; 0: never made */
	uint32_t pad;
};

struct md_faults_page {
	/* The plan. */
	uint32_t armed;			/* written last */
	uint32_t call;			/* of the entry point, since it was armed; from 1 */
	uint32_t step;
	uint32_t times;			/* it strikes so often, in calls from @call on */
	uint64_t value;			/* of kinds that need one */
	char kind[MD_FAULTS_NAME];
	char entry[MD_FAULTS_NAME];
	char target[MD_FAULTS_NAME];	/* a downcall, of kinds that need one */
	/* What happened. */
	uint32_t calls;			/* of the entry point */
	uint32_t struck;
	uint64_t first_ns, last_ns;	/* CLOCK_MONOTONIC */
	uint32_t nothing;		/* it could not be done at this point */
	/* The record. */
	uint32_t recording;
	uint32_t upcalls, crossings;
	struct md_faults_last last[MD_FAULTS_LAST];
	struct md_faults_crossing log[MD_FAULTS_LOG];
};

#endif
