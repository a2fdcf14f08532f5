/* SPDX-License-Identifier: GPL-2.0-only */
/* What the two hand-made halves of the gate's test agree on. */
#ifndef GATETEST_H
#define GATETEST_H

#define GATETEST_SLICE_ID "gate test: no id"	/* 16 bytes */

enum gatetest_plan {
	PLAN_HOLD,	/* (n): n holds, each looked into */
	PLAN_DIE,	/* (how): dies under way; enum gatetest_death */
	PLAN_TEARDOWN,	/* (how): marked MD_UNDO; enum gatetest_teardown */
	PLAN_DEFERRED,	/* (value): reached by md_defer() */
	PLAN_SETTLE,	/* (n): n times napi_disable and disable_irq */
	PLAN_SHIP,	/* (depth): who runs a shipped downcall */
	PLAN_RETRY,	/* (how): as PLAN_DIE, may be repeated */
	PLAN_LOCK,	/* (how): dies with a sleeping lock; enum gatetest_lock */
	PLAN_FREE,	/* (how): gives back what a field names; enum gatetest_free */
	PLAN_ONCE,	/* acquires what may be acquired once */
	PLAN_ALONE,	/* (n): n times, is anything transmitted? 0: after more than a second it is */
	PLAN_COUNT
};

enum gatetest_down {
	DOWN_LOOK,	/* is anybody inside while the gate is closed? */
	DOWN_SETTLE,
	DOWN_NOTE,	/* (value): the deferred entry ran */
	DOWN_SHIP,	/* (depth): shipped; leads to an upcall of depth - 1 */
	DOWN_LOCKS,	/* counts as an entry */
	DOWN_SLEEPS,	/* is not called with a lock held */
	DOWN_TAKE,	/* a mutex, for the caller */
	DOWN_GIVE,
	DOWN_FREE,	/* (pointer): it ends, later if a field names it */
	DOWN_ONCE,	/* acquires; waits for a second one to try the same */
	DOWN_AWAY,	/* (value): is something transmitted within 2 ms? */
	DOWN_STEP,	/* (text, value): how many were made by now */
	DOWN_WATCH,	/* the same, but it may be made again */
	DOWN_COUNT
};

enum gatetest_teardown {
	TEAR_NOTHING,
	TEAR_DYING,	/* dies after some steps, the first time */
};

enum gatetest_lock {
	LOCK_KEPT,	/* dies with it */
	LOCK_TWICE,	/* takes it again */
	LOCK_GIVEN,	/* gives it back, and ends well */
	LOCK_STRAY,	/* makes a downcall that is not on its list */
};

enum gatetest_free {
	FREE_CLEAR,	/* and clears the field */
	FREE_ONLY,
	FREE_NOT,	/* clears the field only */
};

enum gatetest_death {
	DIE_UNPUBLISHED,
	DIE_PUBLISHED,	/* after a field was written back */
	DIE_HANGING,	/* spins with the gate closed */
	DIE_STOPPED,	/* stops itself with the gate closed */
	DIE_NOT,
	DIE_CALLED,	/* after a downcall whose effect others see */
	DIE_REFUSED,	/* ended for a downcall that sleeps, with the gate closed */
};

#endif
