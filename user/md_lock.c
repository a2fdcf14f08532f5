// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spinlocks of the user half.
 *
 * If the kernel half takes one of them as well (md_user_tables.gated), all are the
 * gate (docs/reference/gate.md): taking one closes it, which also keeps other threads of this
 * process out; a second one taken under the first adds to the count.
 *
 * Else they are local. The lock word itself may lie in a kernel object of which nothing is mirrored,
 * so it is never touched: its address names a lock of this process. A thread
 * that finds it held sleeps, which no caller can tell from spinning. The state
 * ends with the process, as it should: a fresh process starts with all open.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include "md_user.h"

#define BUCKETS 256

struct lock {
	struct lock *next;
	const void *address;
	pthread_mutex_t mutex;
};

static struct lock *buckets[BUCKETS];
static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;

static pthread_mutex_t *lock_of(const void *address)
{
	struct lock **bucket = &buckets[((uintptr_t)address >> 2) % BUCKETS];
	struct lock *found;

	pthread_mutex_lock(&table);
	for (found = *bucket; found && found->address != address; found = found->next)
		;
	if (!found) {
		found = malloc(sizeof(*found));
		if (!found)
			abort();
		found->address = address;
		pthread_mutex_init(&found->mutex, NULL);
		found->next = *bucket;
		*bucket = found;
	}
	pthread_mutex_unlock(&table);
	return &found->mutex;
}

/* @context: enum md_gate_context, what else taking this one keeps off. */
static void take(void *lock, unsigned long context)
{
	if (md_user_tables.gated)
		md_downcall(MD_CALL_GATE_CLOSE, 1, &context);
	else
		pthread_mutex_lock(lock_of(lock));
}

static void give(void *lock, unsigned long context)
{
	if (md_user_tables.gated)
		md_downcall(MD_CALL_GATE_OPEN, 1, &context);
	else
		pthread_mutex_unlock(lock_of(lock));
}

#define TAKE(name, context) \
	void name(void *lock); \
	void name(void *lock) { take(lock, context); }
#define TAKE_FLAGS(name, context) \
	unsigned long name(void *lock); \
	unsigned long name(void *lock) { take(lock, context); return 0; }
#define GIVE(name, context) \
	void name(void *lock); \
	void name(void *lock) { give(lock, context); }
#define GIVE_FLAGS(name, context) \
	void name(void *lock, unsigned long flags); \
	void name(void *lock, unsigned long flags) { (void)flags; give(lock, context); }
/* Readers exclude each other as well: slower, never wrong. */
#define FAMILY(kind) \
	TAKE(_raw_##kind##_lock, MD_GATE_PLAIN) \
	TAKE(_raw_##kind##_lock_bh, MD_GATE_BH) \
	TAKE(_raw_##kind##_lock_irq, MD_GATE_IRQ) \
	TAKE_FLAGS(_raw_##kind##_lock_irqsave, MD_GATE_IRQ) \
	GIVE(_raw_##kind##_unlock, MD_GATE_PLAIN) \
	GIVE(_raw_##kind##_unlock_bh, MD_GATE_BH) \
	GIVE(_raw_##kind##_unlock_irq, MD_GATE_IRQ) \
	GIVE_FLAGS(_raw_##kind##_unlock_irqrestore, MD_GATE_IRQ)

FAMILY(spin)
FAMILY(read)
FAMILY(write)
