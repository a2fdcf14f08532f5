// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spinlocks that only the user half takes.
 *
 * The lock word itself may lie in a kernel object of which nothing is mirrored,
 * so it is never touched: its address names a lock of this process. A thread
 * that finds it held sleeps, which no caller can tell from spinning. The state
 * ends with the process, as it should: a fresh process starts with all open.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

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

#define TAKE(name) \
	void name(void *lock); \
	void name(void *lock) { pthread_mutex_lock(lock_of(lock)); }
#define TAKE_FLAGS(name) \
	unsigned long name(void *lock); \
	unsigned long name(void *lock) { pthread_mutex_lock(lock_of(lock)); return 0; }
#define GIVE(name) \
	void name(void *lock); \
	void name(void *lock) { pthread_mutex_unlock(lock_of(lock)); }
#define GIVE_FLAGS(name) \
	void name(void *lock, unsigned long flags); \
	void name(void *lock, unsigned long flags) { (void)flags; pthread_mutex_unlock(lock_of(lock)); }
/* Readers exclude each other as well: slower, never wrong. */
#define FAMILY(kind) \
	TAKE(_raw_##kind##_lock) \
	TAKE(_raw_##kind##_lock_bh) \
	TAKE(_raw_##kind##_lock_irq) \
	TAKE_FLAGS(_raw_##kind##_lock_irqsave) \
	GIVE(_raw_##kind##_unlock) \
	GIVE(_raw_##kind##_unlock_bh) \
	GIVE(_raw_##kind##_unlock_irq) \
	GIVE_FLAGS(_raw_##kind##_unlock_irqrestore)

FAMILY(spin)
FAMILY(read)
FAMILY(write)
