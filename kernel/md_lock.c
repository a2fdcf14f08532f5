// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sleeping locks: taken by a downcall that is shipped, so that the task that waits for the upcall owns
 * them, and owed by that upcall. If it dies they are given back in that task, which is why the
 * undo log does not keep them. An upcall that ends well owes nothing: what it leaves locked its caller asked for.
 */
#include <linux/slab.h>
#include "md_runtime.h"

static struct md_undo **md_lock_of(struct md_call *c, u32 release, u64 key)
{
	struct md_undo **u = &c->act->locks;

	while (*u && ((*u)->release != release || (*u)->key[0] != key))
		u = &(*u)->next;
	return u;
}

void md_locking(struct md_call *c, u32 release, u64 key)
{
	if (c->act && *md_lock_of(c, release, key))
		md_refuse(c, "first call: the lock is held");
}
EXPORT_SYMBOL_GPL(md_locking);

void md_locked(struct md_call *c, u32 release, u64 key)
{
	struct md_activation *act = c->act;
	struct md_undo *u;

	if (!act)
		return;
	u = kzalloc(sizeof(*u), GFP_NOIO | __GFP_NOFAIL);
	u->release = release;
	u->key[0] = key;
	u->at = act->bytes_out;
	u->next = act->locks;
	act->locks = u;
}
EXPORT_SYMBOL_GPL(md_locked);

void md_unlocking(struct md_call *c, u32 release, u64 key)
{
	struct md_undo **at, *u;

	if (!c->act)
		return;
	at = md_lock_of(c, release, key);
	u = *at;
	/* Else the caller had it before the upcall: the driver's text is what decides. */
	if (u)
		*at = u->next;
	kfree(u);
}
EXPORT_SYMBOL_GPL(md_unlocking);

bool md_locks_published(const struct md_activation *act)
{
	const struct md_undo *u;
	bool published = false;

	for (u = act->locks; u; u = u->next)
		published |= u->at != act->bytes_out;
	return published;
}

void md_locks_end(struct md_activation *act)
{
	struct md_undo *u, *next;

	for (u = act->locks; u; u = next) {
		next = u->next;
		if (act->error)
			md_undo_call(act->driver, u->release, u->key, act->chain);
		kfree(u);
	}
	act->locks = NULL;
}
